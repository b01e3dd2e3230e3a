import { expect } from 'vitest';
import type { Address } from '../../src/address.js';
import { query } from '../support/databases/postgres.js';
import { hledgerBalances } from '../support/programs/hledger.js';
import { IMPORTERS, importedRows, type TaxRow } from './importerRules.js';
import { exportText } from './support.js';

/** Of a row of the `koinly` layout, for each coin: what it adds, as decimal text with its sign. */
type Change = readonly [coin: string, amount: string];

/** Trades by what they are; `settlement`: tokens for a deposit. */
interface CheckedTrades {
  readonly purchase: number;
  readonly sell: number;
  readonly settlement: number;
}

/**
 * Reads the files of accounts with the rules of every importer, compares what they add up to with the
 * books of token and sales, and one of them with the real hledger.
 */
export async function checkTaxFiles(
  databaseUrl: string,
  accounts: readonly Address[],
): Promise<CheckedTrades> {
  const counts: Record<keyof CheckedTrades, number> = { purchase: 0, sell: 0, settlement: 0 };
  let longest = '';
  for (const holder of accounts) {
    const files = new Map<string, TaxRow[]>();
    for (const dataset of Object.keys(IMPORTERS)) {
      const { content } = await exportText(databaseUrl, dataset, { holder, format: 'csv' });
      files.set(dataset, importedRows(dataset, content));
      if (dataset === 'koinly' && content.length > longest.length) longest = content;
    }
    const rows = files.get('koinly') ?? [];
    expect(files.get('cointracking')).toHaveLength(rows.length);
    expect(files.get('bittytax')).toHaveLength(rows.length);
    const trades = rows.filter((row) => row['Sent Amount'] && row['Received Amount']);
    expect(files.get('rotki-trades')).toHaveLength(trades.length);
    expect(files.get('rotki-events')).toHaveLength(rows.length - trades.length);
    for (const { Description: what = '' } of trades) {
      if (what.startsWith('purchase')) counts.purchase++;
      if (what.startsWith('sell')) counts.sell++;
      if (what.startsWith('tokens for the deposit')) counts.settlement++;
    }
    expect(sums(rows)).toEqual(await booked(databaseUrl, holder));
  }
  await expectSameInHledger(longest);
  await checkPersonFile(databaseUrl, accounts.slice(0, 3));
  return counts;
}

/** The file of several accounts adds up to the files of each: what moved between them nets to nothing. */
async function checkPersonFile(databaseUrl: string, accounts: readonly Address[]): Promise<void> {
  const rowsOf = async (holder: readonly Address[]) => {
    const { content } = await exportText(databaseUrl, 'koinly', { holder, format: 'csv' });
    return importedRows('koinly', content);
  };
  const each = await Promise.all(accounts.map((account) => rowsOf([account])));
  const person = await rowsOf(accounts);
  expect(sums(person)).toEqual(sums(each.flat()));
  const others = (rows: readonly TaxRow[]) =>
    rows
      .filter(({ Description: what = '' }) => !/^(received|sent) /.test(what))
      .map((row) => JSON.stringify(row))
      .toSorted();
  expect(others(person)).toEqual(others(each.flat()));
}

const WIDTH = 18;
const scaled = (text: string): bigint => {
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + part.padEnd(WIDTH, '0'));
  return text.startsWith('-') ? -value : value;
};

function changes(row: TaxRow): Change[] {
  const { 'Sent Amount': sent = '', 'Received Amount': received = '' } = row;
  return [
    ...(sent === '' ? [] : [[row['Sent Currency'] ?? '', `-${sent}`] as const]),
    ...(received === '' ? [] : [[row['Received Currency'] ?? '', received] as const]),
  ];
}

/** By coin, in units of 10^-18, without zeros. */
function sums(rows: readonly TaxRow[]): Map<string, bigint> {
  const byCoin = new Map<string, bigint>();
  for (const [coin, amount] of rows.flatMap(changes)) {
    byCoin.set(coin, (byCoin.get(coin) ?? 0n) + scaled(amount));
  }
  return withoutZeros(byCoin);
}

function withoutZeros(sums: ReadonlyMap<string, bigint>): Map<string, bigint> {
  return new Map([...sums].filter(([, sum]) => sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same by the rows: the balance with bought tokens that are not delivered, and the money of sales. */
async function booked(databaseUrl: string, holder: Address): Promise<Map<string, bigint>> {
  const rows = await query<{ coin: string; sum: string }>(
    databaseUrl,
    `WITH newest AS (
       SELECT DISTINCT ON (e.sale_number) e.*, k.raise_asset, k.raise_decimals, k.token,
         EXISTS (SELECT FROM sale_entry p WHERE p.sale_number = e.sale_number
           AND p.participant = e.participant AND p.kind = 'purchase') AS has_bought
       FROM sale_entry e JOIN sale k ON k.number = e.sale_number
       WHERE e.participant = $1 ORDER BY e.sale_number, e.id DESC
     ), parts AS (
       SELECT '0x' || encode(t.address, 'hex') AS coin, h.balance AS sum FROM holder h JOIN token t ON t.number = h.token_number
       WHERE h.account = $1
       UNION ALL
       SELECT '0x' || encode(t.address, 'hex'), n.allocated - n.sold - n.claimed FROM newest n JOIN token t ON t.address = n.token
       WHERE n.has_bought
       UNION ALL
       SELECT coalesce('0x' || encode(raise_asset, 'hex'), 'ETH'),
         (refunded + proceeds - deposited) * power(10::numeric, 18 - coalesce(raise_decimals, 18))
       FROM newest
     ) SELECT coin, trunc(sum(sum))::text AS sum FROM parts GROUP BY coin`,
    [Buffer.from(holder.slice(2), 'hex')],
  );
  return withoutZeros(new Map(rows.map(({ coin, sum }) => [coin, BigInt(sum)])));
}

/** hledger reads the file, finds it balanced, and adds up the same. */
async function expectSameInHledger(csv: string): Promise<void> {
  const balances = await hledgerBalances(csv);
  const wallet = [...(balances.get('assets:wallet') ?? [])];
  const read = new Map(wallet.map(([coin, balance]) => [coin, scaled(balance)]));
  expect(withoutZeros(read)).toEqual(sums(importedRows('koinly', csv)));
}
