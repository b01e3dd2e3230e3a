import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Address } from '../../../src/address.js';
import { readStatement } from '../../../src/export/statement/read/readStatement.js';
import { NO_PARTICIPATION } from '../../../src/ledger/sales/sale.js';
import { type Answer, askData, startTestApi } from '../../api/support.js';
import { freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { livedSales } from '../../support/scenes/livedSales.js';
import { exportRows } from '../support.js';
import { checkTaxFiles } from '../taxFiles.js';

let pool: pg.Pool;
let databaseUrl: string;
let lastBlock: number;
let participants: Address[];

beforeAll(async () => {
  const { request } = await livedSales(41, 160);
  databaseUrl = await freshDatabase();
  lastBlock = await indexTo({ ...request, databaseUrl });
  pool = new pg.Pool({ connectionString: databaseUrl, max: 2 });
  const rows = await query<{ participant: string }>(
    databaseUrl,
    `SELECT DISTINCT '0x' || encode(participant, 'hex') AS participant FROM sale_entry
     WHERE participant IS NOT NULL ORDER BY 1`,
  );
  participants = rows.map(({ participant }) => participant as Address);
});
afterAll(() => pool.end());

function stated(account: Address, from: number, to: number) {
  const period = { from: { block: from - 1 }, to: { block: to } };
  return readStatement(pool, { accounts: [account], tokens: [], chainId: null, ...period });
}

describe('the operations of an account in sales of every kind', () => {
  it('adds up over any split of the time, with every entry once', async () => {
    const [row] = await query<{ count: number; kinds: number }>(
      databaseUrl,
      `SELECT count(*)::int AS count, count(DISTINCT kind)::int AS kinds FROM sale_entry
       WHERE participant IS NOT NULL`,
    );
    let entries = 0;
    const kinds = new Set<string>();
    const split = Math.floor(lastBlock / 2);
    for (const account of participants) {
      const early = await stated(account, 0, split);
      const late = await stated(account, split + 1, lastBlock);
      for (const { sale, opening, movements, closing, costBasis } of late.sales) {
        const before = early.sales.find((other) => other.sale.number === sale.number);
        expect(opening).toEqual(before?.closing ?? NO_PARTICIPATION);
        expect(before?.opening ?? NO_PARTICIPATION).toEqual(NO_PARTICIPATION);
        entries += movements.length + (before?.movements.length ?? 0);
        for (const { kind } of [...movements, ...(before?.movements ?? [])]) kinds.add(kind);
        if (sale.terms === null) expect(costBasis.paid).toBe(closing.cost);
      }
    }
    expect(entries).toBe(row?.count);
    expect(kinds.size).toBe(row?.kinds);
  });

  it('fits the rules of tax programs: each purchase and sale-back is one trade with both sides', async () => {
    const some = participants.slice(0, 8);
    const { purchase, sell, settlement } = await checkTaxFiles(databaseUrl, some);
    const [booked] = await query<{ purchase: number; sell: number }>(
      databaseUrl,
      `SELECT count(*) FILTER (WHERE kind = 'purchase')::int AS purchase,
         count(*) FILTER (WHERE kind = 'sell')::int AS sell
       FROM sale_entry WHERE '0x' || encode(participant, 'hex') = ANY($1)`,
      [some],
    );
    expect({ purchase, sell }).toEqual(booked);
    expect(Math.min(purchase, sell, settlement)).toBeGreaterThan(0);
  });

  it('says the symbol and decimals of what a sale raises, on every surface', async () => {
    await query(
      databaseUrl,
      `UPDATE sale SET raise_symbol = 'RAISE', raise_decimals = 6 WHERE raise_asset IS NOT NULL`,
    );
    const said: unknown[] = [];
    const wanted = (asset: string | null) =>
      asset === null || asset === 'native' ? ['ETH', 18] : ['RAISE', 6];
    const expected: unknown[] = [];
    const note = (asset: string | null, symbol: unknown, decimals: unknown) => {
      said.push([symbol, decimals]);
      expected.push(wanted(asset));
    };
    for (const dataset of ['sale-entries', 'participations']) {
      for (const row of await exportRows(databaseUrl, dataset)) {
        note(row.raise_asset, row.raise_symbol, row.raise_decimals);
      }
    }
    for (const account of participants) {
      for (const { raise } of (await stated(account, 0, lastBlock)).sales) {
        note(raise.address, raise.symbol, raise.decimals);
      }
    }
    const api = await startTestApi(databaseUrl);
    const unit = 'raise { address symbol decimals }';
    const data = await askData(
      api,
      `{ sales { nodes { ${unit} } } saleEntries { nodes { sale { ${unit} } } }
        participations { nodes { costBasis { ${unit} } } } }`,
    );
    await api.close();
    const raised = [
      ...data.sales.nodes,
      ...data.saleEntries.nodes.map(({ sale }: Answer['data']) => sale),
      ...data.participations.nodes.map(({ costBasis }: Answer['data']) => costBasis),
    ];
    for (const { raise } of raised) note(raise.address, raise.symbol, raise.decimals);
    expect(said).toEqual(expected);
    expect(new Set(said.map(String))).toEqual(new Set(['ETH,18', 'RAISE,6']));
    expect(raised.length).toBeGreaterThan(participants.length);
  });

  it('is refused if an entry is lost', async () => {
    const [row] = await query<{ participant: string; number: number }>(
      databaseUrl,
      `SELECT '0x' || encode(participant, 'hex') AS participant, block_number AS number
       FROM sale_entry e WHERE kind = 'deposit' AND EXISTS (SELECT FROM sale_entry other
         WHERE other.sale_number = e.sale_number AND other.participant = e.participant
           AND other.id > e.id)
       ORDER BY id LIMIT 1`,
    );
    await query(
      databaseUrl,
      `UPDATE sale_entry SET raise_amount = raise_amount + 1 WHERE block_number = $1
       AND participant = $2`,
      [row?.number, Buffer.from(row?.participant.slice(2) ?? '', 'hex')],
    );
    await expect(stated((row?.participant ?? '') as Address, 0, lastBlock)).rejects.toMatchObject({
      code: 'LEDGER_STATEMENT_SUM',
      message: expect.stringMatching(/^deposited of 0x\w+ in sale 0x\w+: opening 0 and /),
    });
  });
});
