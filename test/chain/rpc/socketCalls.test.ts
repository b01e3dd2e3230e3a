import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WireCall } from '../../../src/chain/rpc/connection/answers.js';
import { Endpoint } from '../../../src/chain/rpc/endpoints/endpoint.js';

/** A node that answers each call with its method, once it has so many, the last one first. */
async function backwardNode(atOnce: number): Promise<Endpoint> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (client) => {
    const asked: string[] = [];
    client.on('message', (data) => {
      asked.push(String(data));
      if (asked.length < atOnce) return;
      for (const text of asked.splice(0).reverse()) client.send(answerTo(text));
    });
  });
  const { port } = server.address() as AddressInfo;
  const endpoint = new Endpoint(`ws://127.0.0.1:${port}`);
  onTestFinished(() => {
    endpoint.close();
    server.close();
  });
  return endpoint;
}

function answerTo(text: string): string {
  const asked = JSON.parse(text) as WireCall | readonly WireCall[];
  const answer = ({ id, method }: WireCall) => ({ jsonrpc: '2.0', id, result: method });
  return JSON.stringify(Array.isArray(asked) ? asked.map(answer) : answer(asked as WireCall));
}

const call = (id: number, method: string): WireCall => ({ id, jsonrpc: '2.0', method });

test('clients that share a WebSocket and number their calls alike get their own answers', async () => {
  const endpoint = await backwardNode(3);
  const answers = await Promise.all([
    endpoint.send([call(1, 'eth_chainId')], 10_000),
    endpoint.send([call(1, 'eth_gasPrice')], 10_000),
    endpoint.send([call(1, 'eth_syncing'), call(2, 'net_version')], 10_000),
  ]);
  expect(answers.flat().map(({ result }) => result)).toEqual([
    'eth_chainId',
    'eth_gasPrice',
    'eth_syncing',
    'net_version',
  ]);
});
