import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../src/api/server.js';
import { DATASETS } from '../../src/export/catalogue.js';
import { openExport } from '../../src/export/request/openExport.js';
import { type ExportTexts, parseExportRequest } from '../../src/export/request/request.js';
import { exportedRows } from '../../src/export/write/exportedRows.js';
import { writeExportFile } from '../../src/export/write/writeFile.js';
import { askData, startTestApi } from '../api/support.js';
import { transfer } from '../store/read/actions.js';
import type { Books } from '../store/read/books.js';
import {
  ALICE,
  BOB,
  CAROL,
  DAVE,
  ERIN,
  openScenario,
  PAYER,
  REFERENCE,
  WINDOWED,
} from '../store/read/scenario.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { exportRows, exportText } from './support.js';

const BIDI = '\u202e';
const OF_ALICE = `=HYPERLINK("http://evil",${BIDI}"x")`;
const OF_BOB = 'Bob, "the\nbuilder"';
const OF_PAYER = '@SUM(A1)';
const SYMBOL = '=1+1,"';

let url: string;
let books: Books;
let api: RunningApi;
let folder: string;

beforeAll(async () => {
  url = await freshDatabase();
  books = await openScenario(url);
  api = await startTestApi(url);
  folder = await mkdtemp(join(tmpdir(), 'imo-ledger-names-'));
  const named = { [ALICE]: OF_ALICE, [BOB]: OF_BOB, [PAYER]: OF_PAYER };
  for (const [address, name] of Object.entries(named)) await label(address, name);
  await symbol(WINDOWED, SYMBOL);
  // Cyrillic С: looks like money.
  await symbol(REFERENCE, 'USDС');
  for (const account of [ALICE, BOB, DAVE]) await code(account, 'none');
  await code(CAROL, 'contract');
  await code(ERIN, 'delegation');
  await query(
    url,
    `INSERT INTO account_reading (token_number, block_number, last_account, is_complete)
     SELECT number, 55, NULL, true FROM token WHERE chain_id = 1`,
  );
});
afterAll(async () => {
  await api.close();
  await books.close();
  await rm(folder, { recursive: true, force: true });
});

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const bytes = (address: string) => `'\\x${address.slice(2)}'::bytea`;

async function label(address: string, name: string): Promise<void> {
  await query(
    url,
    `INSERT INTO label (chain_id, address, name) VALUES (1, ${bytes(address)}, ${literal(name)})
     ON CONFLICT (chain_id, address) DO UPDATE SET name = EXCLUDED.name`,
  );
}

async function symbol(token: string, text: string): Promise<void> {
  await query(
    url,
    `UPDATE token SET symbol = ${literal(text)} WHERE chain_id = 1 AND address = ${bytes(token)}`,
  );
}

async function code(account: string, read: string): Promise<void> {
  await query(
    url,
    `INSERT INTO account_code (chain_id, address, code, block_number)
     VALUES (1, ${bytes(account)}, ${literal(read)}, 55)
     ON CONFLICT (chain_id, address) DO UPDATE SET code = EXCLUDED.code`,
  );
}

/** Who held WIN, as the API says, by address in lower case. */
async function holdersOfApi(where: string) {
  const { holders } = await askData(
    api,
    `{ holders(first: 20, chainId: 1, token: "${WINDOWED}", where: ${where}) {
      nodes { address isContract kind label balance } } }`,
  );
  return holders.nodes
    .map((one: Record<string, string | boolean | null>) => [
      String(one.address).toLowerCase(),
      one.isContract,
      String(one.kind).toLowerCase(),
      one.label,
      one.balance,
    ])
    .toSorted();
}

async function holdersOfExport(options: ExportTexts) {
  const rows = await exportRows(url, 'holders', { chain: '1', token: WINDOWED, ...options });
  return rows
    .map((row) => [row.holder, row.is_contract, row.kind, row.label, row.balance])
    .toSorted();
}

test('holders say what they are and what the config calls them, as in the API', async () => {
  const all = await holdersOfExport({});
  expect(all).toEqual(
    [
      [ALICE, false, 'wallet', OF_ALICE, '40'],
      [CAROL, true, 'contract', null, '10'],
      [BOB, false, 'wallet', OF_BOB, '40'],
    ].toSorted(),
  );
  expect(all).toEqual(await holdersOfApi('{}'));
});

test.each([
  [{ isContract: 'false' }, '{ isContract: { _eq: false } }', 2],
  [{ isContract: 'true' }, '{ isContract: { _eq: true } }', 1],
  [{ kind: 'contract' }, '{ kind: { _eq: CONTRACT } }', 1],
  [{ kind: ['wallet', 'burned'] }, '{ kind: { _in: [WALLET, BURNED] } }', 2],
  [{ kind: 'pool', isContract: 'true' }, '{ kind: { _eq: POOL } }', 0],
])('the export narrowed to %j has the holders of the API', async (options, where, count) => {
  const rows = await holdersOfExport(options);
  expect(rows).toHaveLength(count);
  expect(rows).toEqual(await holdersOfApi(where));
});

test('what holders are is refused where rows are not of holders, and where it is mistyped', () => {
  expect(() => parseExportRequest('claims', { isContract: 'false' })).toThrow(
    'the dataset claims takes no "isContract"',
  );
  expect(() => parseExportRequest('entitlements', { kind: 'wallet' })).toThrow(
    'the dataset entitlements takes no "kind"',
  );
  expect(() => parseExportRequest('holders', { kind: 'walet' })).toThrow(
    expect.objectContaining({ hint: expect.stringContaining('Did you mean wallet?') }),
  );
  expect(() => parseExportRequest('holders', { isContract: 'maybe' })).toThrow(
    '"isContract" is "maybe"',
  );
});

test('a manifest names the tokens whose holders have not all been examined', async () => {
  const options = { chain: '1', isContract: 'false' };
  expect((await exportText(url, 'holders', options)).manifest).toMatchObject({
    narrowedTo: { chain: '1', isContract: 'false' },
    unread: [],
  });
  const other = (await exportText(url, 'holders', { chain: '2' })).manifest;
  expect(other.unread).toEqual([{ chainId: 2, token: WINDOWED }]);
  const answer = await fetch(new URL('/v1/export/holders?chain=2&isContract=false', api.url));
  expect(answer.headers.get('x-imo-unread')).toBe(`2:${WINDOWED}`);
  expect((await answer.text()).trim().split('\n')).toHaveLength(1);
  expect((await exportText(url, 'claims', { chain: '2' })).manifest.unread).toEqual([]);
});

test('every dataset with amounts has the symbol and decimals that they are counted in', () => {
  for (const { name, columns } of DATASETS) {
    const names = columns.map((column) => column.name);
    const units = new Set(columns.flatMap(({ type, unit }) => (type === 'uint256' && unit) || []));
    for (const unit of units) {
      if (unit.includes('`raise_asset`'))
        expect([name, names]).toEqual([
          name,
          expect.arrayContaining(['raise_symbol', 'raise_decimals']),
        ]);
      else if (unit.includes('token'))
        expect([name, names]).toEqual([
          name,
          expect.arrayContaining(['token_symbol', 'token_decimals']),
        ]);
      else if (unit.includes('asset') || unit === 'wei')
        expect([name, names]).toEqual([
          name,
          expect.arrayContaining(['asset_symbol', 'asset_decimals']),
        ]);
    }
  }
});

test('symbols and decimals are those of the API: no symbol where it may be mistaken for money', async () => {
  const rows = await exportRows(url, 'receipts', { chain: '1' });
  const units = new Set(
    rows.map((row) =>
      JSON.stringify([
        row.token,
        row.token_symbol,
        row.token_decimals,
        row.asset,
        row.asset_symbol,
        row.asset_decimals,
      ]),
    ),
  );
  expect([...units].map((unit) => JSON.parse(unit)).toSorted()).toEqual([
    [WINDOWED, SYMBOL, 18, 'native', 'ETH', 18],
    [REFERENCE, null, 18, 'native', 'ETH', 18],
  ]);
  const { tokens } = await askData(
    api,
    '{ tokens(filter: { chainId: 1 }) { nodes { symbol decimals } } }',
  );
  expect(tokens.nodes.map((one: { symbol: string | null }) => one.symbol).toSorted()).toEqual([
    SYMBOL,
    null,
  ]);
});

test('transfers, claims and redemptions say what the config calls both sides', async () => {
  const [given] = await exportRows(url, 'transfers', { chain: '1', from: '22', to: '22' });
  expect(given).toMatchObject({
    from_label: OF_ALICE,
    to_label: null,
    amount: '10',
    token_symbol: SYMBOL,
  });
  const [claimed] = await exportRows(url, 'claims', { chain: '1', from: '21', to: '21' });
  expect(claimed).toMatchObject({ holder: BOB, holder_label: OF_BOB, amount: '240' });
  const [burned] = await exportRows(url, 'redemptions', { chain: '1' });
  expect(burned).toMatchObject({ holder: ALICE, holder_label: OF_ALICE, amount: '66' });
  const [share] = await exportRows(url, 'entitlements', { chain: '1', snapshot: '1', holder: BOB });
  expect(share).toMatchObject({ holder_label: OF_BOB, share: '240', token_symbol: SYMBOL });
});

test('a name that is a formula starts with an apostrophe in CSV, and is as it is in the other formats', async () => {
  const options = { chain: '1', from: '10', to: '10' };
  const hostile = { payer_label: OF_PAYER, token_symbol: SYMBOL };
  expect(await exportRows(url, 'receipts', options)).toMatchObject([hostile]);
  const [inCsv] = await fileRows('receipts', options, 'csv');
  expect(inCsv).toMatchObject({
    payer_label: `'${OF_PAYER}`,
    token_symbol: `'${SYMBOL}`,
    amount: '1000',
  });
  const [inParquet] = await fileRows('receipts', options, 'parquet');
  expect(inParquet).toMatchObject({ ...hostile, amount: '1000' });
  for (const format of ['csv', 'jsonl', 'parquet'] as const) {
    const rows = await fileRows('holders', { chain: '1', token: WINDOWED }, format);
    const guard = format === 'csv' ? "'" : '';
    expect(new Set(rows.map((row) => row.label ?? '')), format).toEqual(
      new Set([`${guard}${OF_ALICE}`, OF_BOB, '']),
    );
  }
});

/** The rows of a file, as `verify` reads them, and as DuckDB does. */
async function fileRows(dataset: string, texts: ExportTexts, format: string) {
  const path = join(folder, `${dataset}.${format}`);
  const request = parseExportRequest(dataset, { ...texts, format });
  const exported = await openExport(request, { databaseUrl: url, withinMs: 60_000 });
  try {
    await writeExportFile(exported, path);
  } finally {
    await exported.close();
  }
  const rows: Record<string, string>[] = [];
  for await (const { cells } of exportedRows(path)) rows.push({ ...cells });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const source = {
    csv: `read_csv('${path}', all_varchar = true)`,
    jsonl: `read_json('${path}')`,
    parquet: `'${path}'`,
  };
  const read = await connection.runAndReadAll(`SELECT * FROM ${source[format as 'csv']}`);
  expect(read.getRowObjectsJson().map((row) => row.row_id)).toEqual(rows.map((row) => row.row_id));
  connection.closeSync();
  return rows;
}

test('an interrupted export continues while names and kinds are the same, and is refused once they are not', async () => {
  const options = { chain: '1', at: '50', token: WINDOWED };
  const rows = await exportRows(url, 'holders', options);
  const cursor = String(rows[0]?.row_id);
  const start = async () => ({
    ...options,
    cursor,
    resume: (await exportText(url, 'holders', options)).manifest.resume ?? '',
  });
  let rest = await start();
  expect(await exportRows(url, 'holders', rest)).toEqual(rows.slice(1));

  // Somebody who comes later is a contract: the rows of block 50 stay.
  const number = Number(rows[0]?.row_id.slice(0, 4));
  await books.commit(1, 56, new Map([[number, [transfer(BOB, PAYER, 1n)]]]));
  await code(PAYER, 'contract');
  await query(url, 'UPDATE account_reading SET block_number = 56');
  expect(await exportRows(url, 'holders', rest)).toEqual(rows.slice(1));

  const changes: readonly (() => Promise<void>)[] = [
    () => label(CAROL, 'Carol'),
    () => symbol(WINDOWED, 'WIN'),
    () => code(BOB, 'contract'),
  ];
  for (const change of changes) {
    await change();
    await expect(exportRows(url, 'holders', rest)).rejects.toMatchObject({
      code: 'EXPORT_CHANGED',
    });
    rest = await start();
    expect(await exportRows(url, 'holders', rest)).toHaveLength(2);
  }
  const narrowed = { ...options, isContract: 'true' };
  await expect(exportRows(url, 'holders', { ...narrowed, resume: rest.resume })).rejects.toThrow(
    '"resume" is of another export',
  );
});
