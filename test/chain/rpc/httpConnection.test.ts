import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { RpcConnectionError, RpcProtocolError } from '@subsquid/rpc-client';
import { afterEach, expect, test } from 'vitest';
import type { WireCall } from '../../../src/chain/rpc/connection/answers.js';
import {
  HttpConnection,
  HttpStatusError,
  HttpTimeoutError,
} from '../../../src/chain/rpc/connection/httpConnection.js';
import { AnswerTooLargeError } from '../../../src/chain/rpc/connection/receiveBody.js';

const CALL: WireCall = { id: 7, jsonrpc: '2.0', method: 'eth_chainId', params: [] };
const OTHER: WireCall = { id: 8, jsonrpc: '2.0', method: 'eth_blockNumber', params: [] };
const ANSWER = JSON.stringify({ jsonrpc: '2.0', id: 7, result: '0x1' });

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const closings: (() => void)[] = [];

afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** A server, and the URL that it listens at. */
async function serve(handle: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    handle(request, response, body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  return `http://127.0.0.1:${address.port}`;
}

function connectionTo(url: string, answerBytes = 2 ** 20): HttpConnection {
  const connection = new HttpConnection(url, answerBytes);
  closings.push(() => connection.close());
  return connection;
}

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
] as const)('an answer that is packed by %s is unpacked', async (encoding, pack) => {
  const url = await serve(({ headers }, response) => {
    expect(headers['accept-encoding']).toContain(encoding);
    response.setHeader('content-encoding', encoding);
    response.end(pack(ANSWER));
  });
  expect(await connectionTo(url).call(CALL)).toEqual(JSON.parse(ANSWER));
});

test('an answer that grows beyond the limit when it is unpacked is too large', async () => {
  const url = await serve((_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(Buffer.alloc(10 * 2 ** 20, ' ')));
  });
  await expect(connectionTo(url).call(CALL)).rejects.toThrow(AnswerTooLargeError);
});

test('an answer that ends early is a failed connection, not a short answer', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(200, { 'content-length': 2 * ANSWER.length });
    response.write(ANSWER);
    response.socket?.end();
  });
  await expect(connectionTo(url).call(CALL)).rejects.toThrow(RpcConnectionError);
});

test('a compressed answer that ends early cannot be unpacked, and is a failed connection', async () => {
  const url = await serve((_request, response) => {
    response.setHeader('content-encoding', 'gzip');
    response.end(gzipSync(ANSWER).subarray(0, 20));
  });
  await expect(connectionTo(url).call(CALL)).rejects.toThrow(RpcConnectionError);
});

test('the client waits for a silent server no longer than asked', async () => {
  const url = await serve(() => undefined);
  await expect(connectionTo(url).call(CALL, 50)).rejects.toThrow(HttpTimeoutError);
});

test('nobody listening is a connection that failed', async () => {
  const url = await serve(() => undefined);
  closings.splice(0)[0]?.();
  await expect(connectionTo(url).call(CALL)).rejects.toThrow(/ECONNREFUSED|socket hang up/);
});

test('answers of a batch are put into the order of its calls', async () => {
  const url = await serve((_request, response) =>
    response.end(
      JSON.stringify([
        { id: 8, result: '0x2' },
        { id: 7, result: '0x1' },
      ]),
    ),
  );
  const answers = await connectionTo(url).batchCall([CALL, OTHER]);
  expect(answers.map(({ result }) => result)).toEqual(['0x1', '0x2']);
});

test.each([
  ['no JSON', 'hello'],
  ['an answer to another call', JSON.stringify({ id: 9, result: '0x1' })],
  ['nothing', ''],
  ['null', 'null'],
])('%s does not answer a call', async (_name, text) => {
  const url = await serve((_request, response) => response.end(text));
  await expect(connectionTo(url).call(CALL)).rejects.toThrow(RpcProtocolError);
});

test.each([
  ['one answer for two calls', '[{"id":7,"result":"0x1"}]'],
  ['an answer twice', '[{"id":7,"result":"0x1"},{"id":7,"result":"0x1"}]'],
  ['an object', '{"id":7,"result":"0x1"}'],
  ['null in place of an answer', '[{"id":7,"result":"0x1"},null]'],
])('%s does not answer a batch', async (_name, text) => {
  const url = await serve((_request, response) => response.end(text));
  await expect(connectionTo(url).batchCall([CALL, OTHER])).rejects.toThrow(RpcProtocolError);
});

test('a status that is not a success comes with its headers and its body', async () => {
  const url = await serve((_request, response) => {
    response.writeHead(429, { 'retry-after': '3' });
    response.end(JSON.stringify({ error: { code: -32005, message: 'slow down' } }));
  });
  const error = await connectionTo(url)
    .call(CALL)
    .catch((thrown: unknown) => thrown);
  if (!(error instanceof HttpStatusError)) throw error;
  expect(error.response).toMatchObject({ status: 429, body: { error: { code: -32005 } } });
  expect(error.response.headers.get('retry-after')).toBe('3');
  expect(error.response.headers.get('x-missing')).toBeNull();
});

test('credentials in the URL are sent as a header, and only to the server that they are for', async () => {
  const seen: (string | undefined)[] = [];
  const asked: string[] = [];
  const final = await serve((request, response, body) => {
    seen.push(request.headers.authorization);
    asked.push(body);
    response.end(ANSWER);
  });
  const first = await serve((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(308, { location: `${final}/moved` }).end();
  });
  const url = first.replace('http://', 'http://user:p%40ss@');
  expect(await connectionTo(url).call(CALL)).toMatchObject({ result: '0x1' });
  const credentials = Buffer.from('user:p@ss').toString('base64');
  expect(seen).toEqual([`Basic ${credentials}`, undefined]);
  expect(asked).toEqual([JSON.stringify(CALL)]);
});

test('a server that redirects for ever is left after a few times', async () => {
  let requests = 0;
  const url = await serve((request, response) => {
    requests++;
    response.writeHead(307, { location: request.url ?? '/' }).end();
  });
  await expect(connectionTo(url).call(CALL)).rejects.toThrow('it answered HTTP 307');
  expect(requests).toBe(4);
});
