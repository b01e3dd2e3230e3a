import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { addressFromBytes } from '../../../src/address.js';
import { readBalances } from '../../../src/store/read/holders/holderPositions.js';
import { readRanks } from '../../../src/store/read/series/ranks.js';
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
});
