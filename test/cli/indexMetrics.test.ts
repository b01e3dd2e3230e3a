import { afterAll, beforeAll, expect, test } from 'vitest';
import { type IndexMetrics, serveIndexMetrics } from '../../src/cli/wiring/indexMetrics.js';
import { runIndexer } from '../../src/processor/run.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { chainConfig } from '../support/programs/indexer.js';
import { type LivedToken, liveToken } from '../support/scenes/livedToken.js';

let lived: LivedToken;
let metrics: IndexMetrics;

beforeAll(async () => {
  lived = await liveToken(1);
  metrics = await serveIndexMetrics(0);
});
afterAll(() => metrics.close());

test('the indexer reports to Prometheus its progress, operations and commits', async () => {
  const toBlock = 8;
  await runIndexer({
    chain: chainConfig({ ...lived, databaseUrl: '' }),
    databaseUrl: await freshDatabase(),
    toBlock,
    onProgress: (progress) => metrics.update('devnet', progress),
    signal: new AbortController().signal,
  });
  const response = await fetch(`http://127.0.0.1:${metrics.port}/metrics`);
  expect(response.headers.get('content-type')).toContain('text/plain');
  const text = await response.text();
  const figure = (name: string) =>
    Number(new RegExp(`^imo_ledger_index_${name}{chain="devnet"} (\\d+)$`, 'm').exec(text)?.[1]);
  expect(figure('indexed_block')).toBe(toBlock);
  expect(figure('booked_block')).toBe(toBlock);
  expect(figure('lag_blocks')).toBe(figure('head_block') - toBlock);
  expect(figure('operations')).toBeGreaterThan(3);
  expect(figure('commits')).toBeGreaterThan(0);
  expect(text).toContain('process_cpu_seconds_total');
});

test('a port in use is refused, and the remedy named', async () => {
  await expect(serveIndexMetrics(metrics.port)).rejects.toMatchObject({
    code: 'PORT_IN_USE',
    hint: expect.stringContaining('--metrics-port'),
  });
});
