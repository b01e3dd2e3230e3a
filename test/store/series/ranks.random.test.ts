import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { addressFromBytes } from '../../../src/address.js';
import { readBalances } from '../../../src/store/read/holders/holderPositions.js';
import { readRankBase, readRanks } from '../../../src/store/read/series/ranks.js';
import { keepNextDays } from '../../../src/store/write/days/keepDays.js';
import { readFinalDay } from '../../../src/store/write/days/nextDays.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import {
  accountNumbered,
  randomOf,
  ranksByWindow,
  TOKEN_NUMBER,
  TransferLife,
} from './randomTransfers.js';

const OPTIONS = { transfersAtOnce: 60, keptFrom: 300 };

async function keepAllDays(client: pg.ClientBase): Promise<void> {
  const day = await readFinalDay(client, 1);
  if (day === null) throw new Error('no block is final');
  while (await keepNextDays(client, 1, day, OPTIONS));
}

/** Compares the ranks of all accounts at the ends of some blocks. @returns how many */
async function compare(client: pg.ClientBase, blocks: readonly number[]): Promise<number> {
  const expected: ReadonlyMap<string, number>[] = [];
  for (const block of blocks) expected.push(await ranksByWindow(client, block));
  let compared = 0;
  for (let number = 0; number < 40; number++) {
    const account = addressFromBytes(accountNumbered(number));
    const keys = blocks.map((block) => ({ tokenNumber: TOKEN_NUMBER, account, block }));
    const held = await readBalances(client, keys);
    const balances = blocks.map((block, index) => ({ block, balance: held[index] ?? 0n }));
    const ranks = await readRanks(client, { tokenNumber: TOKEN_NUMBER, account, balances });
    const hex = accountNumbered(number).toString('hex');
    expect(ranks).toEqual(expected.map((ofBlock) => ofBlock.get(hex) ?? null));
    compared += ranks.length;
  }
  return compared;
}

describe('ranks of a holder', () => {
  test.each([1, 2])(
    'are those of a window over all balances at every block, through reorgs (seed %i)',
    async (seed) => {
      const client = new pg.Client({ connectionString: await freshDatabase() });
      await client.connect();
      try {
        const random = randomOf(seed);
        const life = new TransferLife(client, random);
        await life.open();
        const drawBlocks = () =>
          [...life.blocks.filter(() => random(25) === 0), life.blocks.at(-1)]
            .map((block) => (block?.number ?? 0) + random(2))
            .sort((left, right) => left - right);
        await life.live(80, 10);
        await keepAllDays(client);
        expect((await client.query('SELECT FROM rank_day')).rowCount).toBe(0);
        expect(await compare(client, drawBlocks())).toBeGreaterThan(39);
        await life.live(170, 10);
        await keepAllDays(client);
        const kept = (await client.query('SELECT FROM rank_day')).rowCount ?? 0;
        expect(kept).toBeGreaterThan(5);
        await compare(client, drawBlocks());
        for (const back of [5, 60]) {
          const height = life.blocks.at(-1 - back)?.number ?? 0;
          await client.query('BEGIN');
          await rollbackAbove(client, 1, [TOKEN_NUMBER], height);
          await client.query('COMMIT');
          await life.reopen(height);
          await compare(client, drawBlocks());
          await life.live(40, 10);
          await compare(client, drawBlocks());
          await keepAllDays(client);
          await compare(client, drawBlocks());
        }
      } finally {
        await client.end();
      }
    },
  );

  test('are refused while their days are replaced, and while too much is not kept', async () => {
    const client = new pg.Client({ connectionString: await freshDatabase() });
    await client.connect();
    try {
      const life = new TransferLife(client, randomOf(3));
      await life.open();
      await life.live(250, 10);
      await keepAllDays(client);
      const last = life.blocks.at(-1)?.number ?? 0;
      const days = life.blocks.filter((_, index) => index % 40 === 0).map(({ number }) => number);
      const blocks = [...days, last];
      const account = addressFromBytes(accountNumbered(1));
      const balances = blocks.map((block) => ({ block, balance: 1n }));
      const key = { tokenNumber: TOKEN_NUMBER, account, balances };
      const before = await readRankBase(client, TOKEN_NUMBER, blocks);
      // The holders changed places so often that the pages of the order no longer suit them.
      await client.query('UPDATE rank_grid SET changes = changes_at_most + 1');
      const day = await readFinalDay(client, 1);
      expect(day !== null && (await keepNextDays(client, 1, day, OPTIONS))).toBe(true);
      for (const table of ['rank_grid', 'rank_day', 'rank_change', 'transfer_day']) {
        expect((await client.query(`SELECT FROM ${table}`)).rowCount, table).toBe(0);
      }
      const changed = expect.objectContaining({ code: 'RANKS_CHANGED' });
      await expect(readRanks(client, key, async () => before)).rejects.toEqual(changed);
      await compare(client, blocks);
      await keepAllDays(client);
      await expect(readRanks(client, key, async () => before)).rejects.toEqual(changed);
      await compare(client, blocks);
      await client.query(
        `INSERT INTO transfer
         SELECT (jsonb_populate_record(NULL::transfer, to_jsonb(t) || jsonb_build_object('id', t.id || n))).*
         FROM (SELECT * FROM transfer ORDER BY id DESC LIMIT 1) t, generate_series(1000001, 1020001) n`,
      );
      await expect(readRanks(client, key)).rejects.toEqual(
        expect.objectContaining({
          code: 'RANKS_NOT_KEPT',
          hint: expect.stringContaining('interval DAY'),
        }),
      );
    } finally {
      await client.end();
    }
  });
});
