import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import { Waiting } from '../../../src/chain/rpc/connection/waiting.js';
import { eventually } from '../../support/eventually.js';

const forever = () => new Promise<never>(() => undefined);

it('names the request, the endpoint and the start of the wait after ten seconds without an answer', () => {
  let now = Date.parse('2026-11-29T06:00:00Z');
  const lines: string[] = [];
  const waiting = new Waiting({ onWarning: (line) => lines.push(line), now: () => now });
  onTestFinished(() => waiting.stop());
  const params = ['0x7b'];
  void waiting.watch({ method: 'trace_block', params }, forever);
  waiting.asking(params, 'https://node.example/…');
  now += 9_900;
  waiting.look();
  expect(lines).toEqual([]);
  waiting.failed(params, 'it answered HTTP 503');
  waiting.asking(params, 'https://node.example/…');
  now += 100;
  waiting.look();
  expect(lines).toEqual([
    'no answer for 10 s: waiting for trace_block of block 123 from https://node.example/… ' +
      'since 2026-11-29T06:00:00.000Z, asked 2 times; last failure: it answered HTTP 503',
  ]);
});

it('is logged more and more rarely, and never while other questions are answered', async () => {
  let now = 0;
  const lines: string[] = [];
  const waiting = new Waiting({ onWarning: (line) => lines.push(line), now: () => now });
  onTestFinished(() => waiting.stop());
  void waiting.watch({ method: 'trace_block', params: ['0x1'] }, forever);
  for (; now < 60_000; now += 5_000) {
    await waiting.watch({ method: 'eth_getLogs', params: [] }, async () => []);
    // The head is polled all the time: that is not progress.
    waiting.look();
  }
  expect(lines).toEqual([]);
  for (const end = now + 60_000; now <= end; now += 1_000) {
    await waiting.watch({ method: 'eth_blockNumber', params: [] }, async () => '0x1');
    waiting.look();
  }
  expect(lines.map((line) => /for (\d+) s/.exec(line)?.[1])).toEqual(['10', '20', '40']);
});

it('names the endpoint without its key', async () => {
  const server = createServer((_, outgoing) => void outgoing.writeHead(503).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  const lines: string[] = [];
  const url = `http://127.0.0.1:${address.port}/v2/secret-key`;
  const pool = new PoolConnection({
    urls: [url],
    chainId: 1,
    onWarning: (line) => lines.push(line),
  });
  const client = new PooledClient(pool, {
    capacity: 1,
    requestTimeoutMs: 1_000,
    retryAttempts: 1_000,
  });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  const asked = vi.spyOn(pool.waiting ?? new Waiting({ onWarning: () => undefined }), 'failed');
  client.call('trace_block', ['0x5']).catch(() => undefined);
  await eventually(() => expect(asked).toHaveBeenCalled());
  const { now } = Date;
  vi.spyOn(Date, 'now').mockImplementation(() => now() + 11_000);
  onTestFinished(() => void vi.restoreAllMocks());
  pool.waiting?.look();
  expect(lines[0]).toMatch(
    /^no answer for 11 s: waiting for trace_block of block 5 from http:\/\/127.0.0.1:\d+\/… since .*HTTP 503$/,
  );
});
