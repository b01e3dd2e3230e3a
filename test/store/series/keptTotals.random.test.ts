import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { readOperationTotals } from '../../../src/store/read/operations/operationTotals.js';
import { blockWindow } from '../../../src/store/read/operations/operationWindows.js';
import { TRANSFER_KIND_SQL, TRANSFERS } from '../../../src/store/read/operations/transfers.js';
import { keepNextDays } from '../../../src/store/write/days/keepDays.js';
import { readFinalDay } from '../../../src/store/write/days/nextDays.js';
import { rollbackAbove } from '../../../src/store/write/rollback.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { randomOf, TOKEN_NUMBER, TransferLife } from './randomTransfers.js';

const OPTIONS = { transfersAtOnce: 60, keptFrom: 300 };
const INTERVALS = ['day', 'week', 'month', 'hour', null] as const;

/** Totals by kind of the transfers between two blocks, computed from every row. */
async function totalsOfRows(
  client: pg.ClientBase,
  interval: string | null,
  from: number,
  to: number,
): Promise<unknown[]> {
  const { rows } = await client.query(
    `SELECT date_trunc($1::text, o."timestamp", 'UTC') AS "from", ${TRANSFER_KIND_SQL} AS kind,
       count(*)::integer AS count, sum(amount)::text AS sum, min(amount)::text AS min,
       max(amount)::text AS max
     FROM transfer o WHERE token_number = $2 AND block_number BETWEEN $3 AND $4
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [interval, TOKEN_NUMBER, from, to],
  );
  return rows;
}

async function totalsOfDays(
  client: pg.ClientBase,
  interval: (typeof INTERVALS)[number],
  from: number,
  to: number,
): Promise<unknown[]> {
  const totals = await readOperationTotals(client, TRANSFERS, {
    windows: blockWindow(TOKEN_NUMBER, 1, from, to),
    filter: {},
    direction: 'ASC',
    measures: ['o."amount"'],
    groups: ['w.token_number', TRANSFER_KIND_SQL],
    interval,
    limit: 10_000,
  });
  return totals.map(({ from: start, keys: [number, kind], count, amounts: [amount] }) => {
    expect(number).toBe(TOKEN_NUMBER);
    const { sum, min, max } = amount ?? {};
    return { from: start, kind, count, sum: String(sum), min: String(min), max: String(max) };
  });
}

describe('totals of transfers', () => {
  test('over kept days are those of all rows between any two blocks, through reorgs', async () => {
    const client = new pg.Client({ connectionString: await freshDatabase() });
    await client.connect();
    try {
      const random = randomOf(7);
      const life = new TransferLife(client, random);
      await life.open();
      const keepAndCompare = async () => {
        const day = await readFinalDay(client, 1);
        while (day !== null && (await keepNextDays(client, 1, day, OPTIONS)));
        const last = life.blocks.at(-1)?.number ?? 0;
        for (let count = 0; count < 12; count++) {
          const ends = [random(last + 1), count < 4 ? last : random(last + 1)];
          const [from, to] = count === 0 ? [0, last] : [Math.min(...ends), Math.max(...ends)];
          for (const interval of INTERVALS) {
            expect(await totalsOfDays(client, interval, from, to)).toEqual(
              await totalsOfRows(client, interval, from, to),
            );
          }
        }
      };
      await life.live(180, 10);
      await keepAndCompare();
      expect((await client.query('SELECT FROM transfer_day')).rowCount).toBeGreaterThan(10);
      for (const back of [5, 60]) {
        const height = life.blocks.at(-1 - back)?.number ?? 0;
        await client.query('BEGIN');
        await rollbackAbove(client, 1, [TOKEN_NUMBER], height);
        await client.query('COMMIT');
        await life.reopen(height);
        await life.live(40, 10);
        await keepAndCompare();
      }
      // The days are read, and not the rows that they are of.
      await client.query('UPDATE transfer_day SET count = count + 1000');
      const last = life.blocks.at(-1)?.number ?? 0;
      const rows = await totalsOfRows(client, 'day', 0, last);
      expect(await totalsOfDays(client, 'day', 0, last)).not.toEqual(rows);
      expect(await totalsOfDays(client, 'hour', 0, last)).toHaveLength(
        (await totalsOfRows(client, 'hour', 0, last)).length,
      );
    } finally {
      await client.end();
    }
  });
});
