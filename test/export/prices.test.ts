import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { beforeAll, describe, expect, test } from 'vitest';
import { openExport } from '../../src/export/request/openExport.js';
import { parseExportRequest } from '../../src/export/request/request.js';
import { writeExportFile } from '../../src/export/write/writeFile.js';
import { askData, startTestApi } from '../api/support.js';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { DOLLAR, PriceScene } from '../support/scenes/priceScene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { type ExportedRow, exportRows, exportText } from './support.js';

const ETHER = 10n ** 18n;

let prices: PriceScene;
let databaseUrl: string;
let holder: string;

/** Revenue before and after the first round; the founder, with all tokens, claims and burns. */
beforeAll(async () => {
  prices = await PriceScene.start();
  const { scene } = prices;
  holder = scene.founder.toLowerCase();
  await scene.pay(ETHER);
  await prices.submit(351_234_567_890n);
  await scene.pay(1n);
  await scene.snapshot();
  await prices.submit(2000n * DOLLAR);
  await scene.call(scene.founder, 'claim', [1n]);
  await prices.submit(-1n);
  await scene.call(scene.founder, 'burn', [500n]);
  databaseUrl = await freshDatabase();
  await indexTo(prices.request(databaseUrl));
});

describe('exports with values', () => {
  test('tell them exactly with the round used, and nothing where they are not known', async () => {
    const rows = await exportRows(databaseUrl, 'receipts', { currency: 'USD' });
    const told = ({ value_usd, price_usd, price_round_usd, price_feed_usd }: ExportedRow) => ({
      value_usd,
      price_usd,
      price_round_usd,
      price_feed_usd,
    });
    const nothing = { value_usd: null, price_usd: null, price_round_usd: null };
    expect(rows.map(told)).toEqual([
      { ...nothing, price_feed_usd: null },
      {
        value_usd: '0.0000000000000035123456789',
        price_usd: '3512.3456789',
        price_round_usd: '1',
        price_feed_usd: prices.aggregator.address,
      },
    ]);
    expect(rows[1]?.value_usd_f64).toBe(3.5123456789e-15);
    expect(rows[1]?.price_time_usd).toMatch(/^2025-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const plain = await exportRows(databaseUrl, 'receipts');
    expect(Object.keys(plain[0] ?? {}).filter((name) => name.includes('usd'))).toEqual([]);
  });

  test('blank is nothing between commas', async () => {
    const { content, manifest } = await exportText(databaseUrl, 'receipts', { currency: 'USD' });
    expect(content.split('\n')[1]).toMatch(/,,,,,,,no-round$/);
    expect(manifest.narrowedTo).toEqual({ currency: 'USD' });
    expect(manifest.columns.map(({ name }) => name)).toContain('value_usd');
  });

  test('tell what claims and redemptions were worth', async () => {
    const [claim] = await exportRows(databaseUrl, 'claims', { currency: 'USD' });
    expect([claim?.amount, claim?.value_usd]).toEqual(['800000000000000000', '1600']);
    const [redemption] = await exportRows(databaseUrl, 'redemptions', { currency: 'USD' });
    expect(redemption?.value_usd).toBeNull();
  });

  test('docs/prices.md: the query and the command tell the same', async () => {
    const page = readFileSync('docs/prices.md', 'utf8');
    const [, asked = ''] = /```graphql\n([\s\S]*?)```/.exec(page) ?? [];
    const [, args = ''] = /```sh\nnpx imo-ledger (.*)\n```/.exec(page) ?? [];
    const api = await startTestApi(databaseUrl);
    const { claims } = await askData(api, asked);
    await api.close();
    expect(claims.nodes).toMatchObject([
      { amountWei: '800000000000000000', value: { amount: '1600' }, noPrice: null },
    ]);
    const { stdout } = await runVerbHere(args.split(' '), { DATABASE_URL: databaseUrl });
    const { content } = await exportText(databaseUrl, 'claims', { currency: 'USD' });
    expect(stdout).toBe(content);
  });

  test('docs/analysis.md: what was claimed by day in a currency', async () => {
    const page = readFileSync('docs/analysis.md', 'utf8')
      .replaceAll('EUR', 'USD')
      .replaceAll('eur', 'usd');
    const [, section = ''] = page.split(/^## .*, day by day$/m);
    const [, args = ''] = /```sh\nnpx imo-ledger (.*)\n```/.exec(section) ?? [];
    const [, sql = ''] = /```sql\n([\s\S]*?)```/.exec(section) ?? [];
    const file = join(await temporaryFolder(), 'claims-usd.csv');
    const { exitCode } = await runVerbHere(args.replace('claims-usd.csv', file).split(' '), {
      DATABASE_URL: databaseUrl,
    });
    expect(exitCode).toBe(0);
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll(sql.replace('claims-usd.csv', file));
    expect(answer.getRowObjectsJson()).toEqual([
      { day: '2025-06-15', usd: '1600.00', claims: '1', without_price: '0' },
    ]);
    instance.closeSync();
  });

  test('have values of postings that also sum to zero', async () => {
    const rows = await exportRows(databaseUrl, 'journal', { currency: 'USD' });
    const values = rows.filter(({ kind }) => kind === 'claim').map(({ value_usd }) => value_usd);
    expect(values.toSorted()).toEqual(['-1600', '1600']);
  });

  test('continue where they were interrupted, in the same currency only', async () => {
    const { manifest } = await exportText(databaseUrl, 'receipts', { currency: 'USD' });
    const all = await exportRows(databaseUrl, 'receipts', { currency: 'USD' });
    const point = { cursor: all[0]?.row_id, resume: manifest.resume ?? '' };
    expect(await exportRows(databaseUrl, 'receipts', { ...point, currency: 'USD' })).toEqual(
      all.slice(1),
    );
    await expect(exportRows(databaseUrl, 'receipts', point)).rejects.toMatchObject({
      code: 'EXPORT_BAD_OPTION',
    });
  });

  test('do not continue with other feeds than they started with', async () => {
    const texts = { currency: 'USD' };
    const { manifest } = await exportText(databaseUrl, 'receipts', texts);
    const [first] = await exportRows(databaseUrl, 'receipts', texts);
    const goOn = () =>
      exportRows(databaseUrl, 'receipts', {
        ...texts,
        cursor: first?.row_id,
        resume: manifest.resume ?? '',
      });
    await query(databaseUrl, 'UPDATE price_feed SET stale_after_seconds = 1');
    await expect(goOn()).rejects.toMatchObject({ code: 'EXPORT_PRICES_CHANGED' });
    await query(databaseUrl, 'UPDATE price_feed SET stale_after_seconds = NULL');
    expect(await goOn()).toHaveLength(1);
  });

  test('fill the net worth of tax layouts', async () => {
    const texts = { holder, currency: 'USD' };
    const koinly = await exportRows(databaseUrl, 'koinly', texts);
    const worth = (row: ExportedRow) => [row['Net Worth Amount'], row['Net Worth Currency']];
    const ofLabel = (label: string | null) =>
      koinly.filter(({ Label, Description }) =>
        label === null ? String(Description).startsWith('burned') : Label === label,
      );
    expect(ofLabel('income').map(worth)).toEqual([['1600', 'USD']]);
    expect(ofLabel(null).map(worth)).toEqual([[null, null]]);
    expect(ofLabel(null).map((row) => row.Description)).toEqual([
      expect.stringMatching(/; no price of \S+ in USD: not-positive$/),
    ]);
    expect(String(ofLabel('income')[0]?.Description)).not.toContain('no price');
    const tracked = await exportRows(databaseUrl, 'cointracking', texts);
    const income = tracked.find(({ Type }) => Type === 'Income');
    expect(income?.['Buy Value in Account Currency (optional)']).toBe('1600');
    expect(income?.['Sell Value in Account Currency (optional)']).toBeNull();
  });

  test('are also written as Parquet files', async () => {
    const request = parseExportRequest('claims', { currency: 'USD', format: 'parquet' });
    const exported = await openExport(request, { databaseUrl, withinMs: 60_000 });
    const path = join(await temporaryFolder(), 'claims.parquet');
    try {
      await writeExportFile(exported, path);
    } finally {
      await exported.close();
    }
    const instance = await DuckDBInstance.create();
    const connection = await instance.connect();
    const answer = await connection.runAndReadAll(
      `SELECT value_usd, price_round_usd FROM '${path}'`,
    );
    expect(answer.getRows()).toEqual([['1600', '2']]);
    instance.closeSync();
  });

  test('refuse a currency without prices, an invalid code, and datasets without values', async () => {
    const refused = (dataset: string, currency: string) =>
      exportRows(databaseUrl, dataset, { currency });
    await expect(refused('receipts', 'EUR')).rejects.toMatchObject({
      code: 'EXPORT_BAD_OPTION',
      message: 'no price in EUR is indexed',
      hint: expect.stringContaining('known in USD'),
    });
    await expect(refused('receipts', "usd'")).rejects.toMatchObject({ code: 'EXPORT_BAD_OPTION' });
    await expect(refused('holders', 'USD')).rejects.toMatchObject({ code: 'EXPORT_BAD_OPTION' });
  });
});
