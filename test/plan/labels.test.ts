import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { askData, startTestApi } from '../api/support.js';
import { exportRows } from '../export/support.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { dumpTables } from '../support/databases/tables.js';
import { indexTo } from '../support/programs/indexer.js';
import { Scene } from '../support/scenes/scene.js';

let scene: Scene;
let databaseUrl: string;
let api: RunningApi;

beforeAll(async () => {
  scene = await Scene.start();
  await scene.pay(100n);
  databaseUrl = await freshDatabase();
  api = await startTestApi(databaseUrl);
});

afterAll(async () => {
  await api.close();
  await scene.chain.stop();
});

/** Indexes with the payer labelled so. */
async function indexNamed(name: string): Promise<void> {
  const labels = [{ address: scene.payer, name }];
  await indexTo({ chain: scene.chain, databaseUrl, tokens: [scene.token.address], labels });
}

/** The only receipt, as the API and an export show it. */
async function receiptNames() {
  const { receipts } = await askData(
    api,
    '{ receipts { nodes { source payerLabel sourceLabel } } }',
  );
  const [row] = await exportRows(databaseUrl, 'receipts');
  return [...receipts.nodes, { payer: row?.payer_label, source: row?.source_label }];
}

test('answers and exports name payers and sources by the labels of the config', async () => {
  await indexNamed('treasury');
  expect(await receiptNames()).toEqual([
    { source: 'KNOWN', payerLabel: 'treasury', sourceLabel: 'treasury' },
    { payer: 'treasury', source: 'treasury' },
  ]);
});

test('another name of a label shows at the next start, and no row of history changes', async () => {
  const rows = await dumpTables(databaseUrl);
  await indexNamed('vault');
  expect(await receiptNames()).toEqual([
    { source: 'KNOWN', payerLabel: 'vault', sourceLabel: 'vault' },
    { payer: 'vault', source: 'vault' },
  ]);
  expect(await dumpTables(databaseUrl)).toEqual(rows);
});
