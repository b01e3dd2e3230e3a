import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Address, checksummed, ZERO_ADDRESS } from '../../../src/address.js';
import type { RunningApi } from '../../../src/api/server.js';
import { stepOf } from '../../../src/api/values/calendar.js';
import { receipt, timeOf } from '../../store/read/actions.js';
import { Books } from '../../store/read/books.js';
import { ALICE, BOB, CAROL, ERIN, PAYER, REFERENCE, WINDOWED } from '../../store/read/scenario.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { serveScenario } from '../servedScenario.js';
import { askData, askError, startTestApi } from '../support.js';

const { api, books } = await serveScenario();

const AMOUNT = 'count amountWei { sum min max }';

describe('totals', () => {
  test('totals of receipts by chain never sum money of two chains', async () => {
    const { receiptTotals } = await askData(api, `{ receiptTotals { from to chainId ${AMOUNT} } }`);
    expect(receiptTotals).toEqual([
      {
        from: null,
        to: null,
        chainId: 1,
        count: 6,
        amountWei: { sum: '1762', min: '11', max: '1000' },
      },
      {
        from: null,
        to: null,
        chainId: 2,
        count: 1,
        amountWei: { sum: '70', min: '70', max: '70' },
      },
    ]);
  });

  test('totals by token and source count what the filters let through', async () => {
    const { receiptTotals } = await askData(
      api,
      `{ receiptTotals(filter: { chainId: 1 }, where: { amountWei: { _gt: "11" } },
          groupBy: [TOKEN, SOURCE]) { token source payer ${AMOUNT} } }`,
    );
    const row = { source: 'UNKNOWN', payer: null };
    expect(receiptTotals).toEqual([
      {
        ...row,
        token: checksummed(WINDOWED),
        count: 4,
        amountWei: { sum: '1651', min: '50', max: '1000' },
      },
      {
        ...row,
        token: checksummed(REFERENCE),
        count: 1,
        amountWei: { sum: '100', min: '100', max: '100' },
      },
    ]);
  });

  test('totals of claims by holder and of redemptions have both pools', async () => {
    const data = await askData(
      api,
      `{ claimTotals(filter: { chainId: 1 }, groupBy: [HOLDER, SNAPSHOT]) {
           holder snapshotId count amountWei { sum } }
         redemptionTotals(filter: { token: "${WINDOWED}", chainId: 1 }) { count amountWei { sum } fromNewWei { sum }
           fromPoolWei { sum } burned { sum } } }`,
    );
    expect(new Set(data.claimTotals)).toEqual(
      new Set([
        { holder: checksummed(BOB), snapshotId: 1, count: 1, amountWei: { sum: '240' } },
        { holder: checksummed(CAROL), snapshotId: 2, count: 1, amountWei: { sum: '30' } },
        { holder: checksummed(ERIN), snapshotId: 1, count: 1, amountWei: { sum: '15' } },
      ]),
    );
    expect(data.redemptionTotals).toEqual([
      {
        count: 1,
        amountWei: { sum: '66' },
        fromNewWei: { sum: '2' },
        fromPoolWei: { sum: '64' },
        burned: { sum: '10' },
      },
    ]);
  });

  test('units of different tokens are never added up, unlike their number', async () => {
    const filter = 'filter: { chainId: 1 }';
    for (const [query, field] of [
      ['transferTotals', 'amount'],
      ['redemptionTotals', 'burned'],
    ]) {
      const refused = await askError(api, `{ ${query}(${filter}) { ${field} { sum } } }`);
      expect(refused).toEqual({
        code: 'MIXED_TOKENS',
        message: `"${field}" would add up units of different tokens of chain 1`,
        hint: 'Group by TOKEN, or name one token in the filter.',
      });
      const data = await askData(
        api,
        `{ counts: ${query}(${filter}) { count }
           grouped: ${query}(${filter}, groupBy: [TOKEN]) { token count ${field} { sum } }
           one: ${query}(filter: { token: "${WINDOWED}", chainId: 1 }) { count ${field} { sum } } }`,
      );
      const windowed = data.grouped.find(
        ({ token }: { token: string }) => token === checksummed(WINDOWED),
      );
      expect(data.one).toEqual([
        { count: windowed.count, [String(field)]: windowed[String(field)] },
      ]);
      const all = data.grouped.reduce(
        (sum: number, { count }: { count: number }) => sum + count,
        0,
      );
      expect(data.counts).toEqual([{ count: all }]);
    }
  });

  test('totals of transfers tell mints, burns and moves apart, by account if asked', async () => {
    const amount = 'count amount { sum min max }';
    const data = await askData(
      api,
      `{ all: transferTotals(groupBy: [TOKEN, KIND]) { chainId token kind ${amount} }
         sent: transferTotals(filter: { token: "${WINDOWED}", chainId: 1 },
           where: { kind: { _neq: MINT } }, groupBy: [SENDER, RECIPIENT]) {
             from sender recipient count amount { sum } }
         before: transferTotals(filter: { token: "${WINDOWED}", chainId: 1 }, at: { block: 49 }) { ${amount} }
         hours: transferTotals(filter: { token: "${WINDOWED}", account: "${BOB}", chainId: 1 }, interval: HOUR) {
           from sender kind ${amount} } }`,
    );
    const row = (chainId: number, token: string, kind: string, count: number, sums: string[]) => {
      const [sum, min, max] = sums;
      return {
        chainId,
        token: checksummed(token as Address),
        kind,
        count,
        amount: { sum, min, max },
      };
    };
    expect(new Set(data.all)).toEqual(
      new Set([
        row(1, WINDOWED, 'MINT', 2, ['100', '40', '60']),
        row(1, WINDOWED, 'TRANSFER', 1, ['10', '10', '10']),
        row(1, WINDOWED, 'BURN', 1, ['10', '10', '10']),
        row(1, REFERENCE, 'MINT', 2, ['10', '3', '7']),
        row(2, WINDOWED, 'MINT', 1, ['5', '5', '5']),
      ]),
    );
    const [alice, carol, none] = [ALICE, CAROL, ZERO_ADDRESS].map(checksummed);
    expect(new Set(data.sent)).toEqual(
      new Set([
        { from: null, sender: alice, recipient: carol, count: 1, amount: { sum: '10' } },
        { from: null, sender: alice, recipient: none, count: 1, amount: { sum: '10' } },
      ]),
    );
    expect(data.before).toEqual([{ count: 3, amount: { sum: '110', min: '10', max: '60' } }]);
    expect(data.hours).toEqual([
      {
        from: '2023-11-14T22:00:00.000Z',
        sender: null,
        kind: null,
        count: 1,
        amount: { sum: '40', min: '40', max: '40' },
      },
    ]);
  });

  test('totals of nothing are zero, as of the requested moment', async () => {
    const data = await askData(
      api,
      `{ none: receiptTotals(filter: { chainId: 2 }, where: { amountWei: { _lt: "1" } }) { ${AMOUNT} }
         then: receiptTotals(filter: { chainId: 1 }, at: { block: 12 }) { amountWei { sum } } }`,
    );
    expect(data.none).toEqual([{ count: 0, amountWei: { sum: '0', min: null, max: null } }]);
    expect(data.then).toEqual([{ amountWei: { sum: '1100' } }]);
  });
});

describe('a series', () => {
  /** 12 seconds a block: 300 of them are an hour, 7200 a day. */
  const HOUR = 300;
  const DAY = 7200;
  const FIRST = 20 * DAY;
  const at = (block: number) => timeOf(block).toISOString();
  let lateBooks: Books;
  let late: RunningApi;

  beforeAll(async () => {
    const url = await freshDatabase();
    lateBooks = Books.open(url);
    const number = await lateBooks.addToken({
      chainId: 1,
      address: WINDOWED,
      symbol: 'WIN',
      policy: 'windowed',
      percent: 60n,
      window: 2,
      interval: 100n,
      intervalUnit: 'seconds',
      startBlock: FIRST,
      initialLastSnapshot: null,
    });
    const pay = (block: number, amountWei: bigint) =>
      lateBooks.commit(1, block, new Map([[number, [receipt(PAYER, amountWei)]]]));
    await pay(FIRST, 2n ** 255n);
    await pay(FIRST + 1, 7n);
    await pay(FIRST + 3 * HOUR, 30n);
    await pay(FIRST + 40 * DAY, 5n);
    await lateBooks.commit(1, FIRST + 75 * DAY, new Map());
    late = await startTestApi(url);
  });
  afterAll(async () => {
    await late.close();
    await lateBooks.close();
  });

  const series = async (args: string) =>
    (await askData(late, `{ receiptTotals(${args}) { from to ${AMOUNT} } }`)).receiptTotals;
  const sums = (rows: readonly { amountWei: { sum: string } }[]) =>
    rows.map(({ amountWei }) => amountWei.sum);
  const big = (2n ** 255n + 7n).toString();

  test('has every hour of its range, with zeros in the gaps, to the wei', async () => {
    const range = `timestamp: { gte: "${at(FIRST - HOUR)}", lte: "${at(FIRST + 4 * HOUR)}" }`;
    const rows = await series(`filter: { ${range} }, interval: HOUR`);
    expect(sums(rows)).toEqual(['0', big, '0', '0', '30', '0']);
    expect(rows[0].count).toBe(0);
    expect(rows[1]).toMatchObject({
      count: 2,
      amountWei: { min: '7', max: (2n ** 255n).toString() },
    });
    expect(rows[0].to).toBe(rows[1].from);
    expect(new Date(rows[1].from).getTime() % 3_600_000).toBe(0);
    expect(timeOf(FIRST).getTime() - new Date(rows[1].from).getTime()).toBeLessThan(3_600_000);
  });

  test('covers the first row to the moment of the answer if no range is given', async () => {
    const months = await series('interval: MONTH');
    const firstDay = timeOf(FIRST);
    const lastDay = timeOf(FIRST + 75 * DAY);
    expect(months[0].from).toBe(
      new Date(Date.UTC(firstDay.getUTCFullYear(), firstDay.getUTCMonth())).toISOString(),
    );
    expect(months.at(-1).from).toBe(
      new Date(Date.UTC(lastDay.getUTCFullYear(), lastDay.getUTCMonth())).toISOString(),
    );
    expect(sums(months).reduce((sum, one) => sum + BigInt(one), 0n)).toBe(2n ** 255n + 42n);
    const weeks = await series('interval: WEEK');
    expect(weeks.every(({ from }: { from: string }) => new Date(from).getUTCDay() === 1)).toBe(
      true,
    );
    expect(weeks.length).toBeGreaterThanOrEqual(11);
    expect(await series('interval: DAY')).toHaveLength(76);
  });

  test('can be cumulative: each step has all that came before it', async () => {
    const rows = await series('interval: DAY, cumulative: true');
    expect(rows).toHaveLength(76);
    const [first, second] = rows;
    // It is past ten in the evening: three hours later is the next day.
    expect(first).toMatchObject({ count: 2, amountWei: { sum: big } });
    expect(second).toMatchObject({ count: 3, amountWei: { sum: (2n ** 255n + 37n).toString() } });
    expect(rows[39].amountWei).toEqual(second.amountWei);
    expect(rows[40].amountWei).toEqual({
      sum: (2n ** 255n + 42n).toString(),
      min: '5',
      max: (2n ** 255n).toString(),
    });
    expect(rows[75].count).toBe(4);
  });

  test('has every step of each group', async () => {
    const { receiptTotals } = await askData(
      late,
      '{ receiptTotals(interval: DAY, groupBy: [SOURCE, PAYER]) { source payer } }',
    );
    expect(receiptTotals).toHaveLength(76);
    expect(receiptTotals[50]).toEqual({ source: 'UNKNOWN', payer: checksummed(PAYER) });
  });

  test('ends where its range ends, also if that end does not belong to it', async () => {
    const midnight = new Date(timeOf(FIRST + 3 * HOUR));
    midnight.setUTCHours(0, 0, 0, 0);
    const day = (number: number) =>
      new Date(midnight.getTime() + number * 86_400_000).toISOString();
    const fromTo = (range: string) => series(`where: { timestamp: {${range}} }, interval: DAY`);
    const halfOpen = await fromTo(`_gte: "${day(-1)}", _lt: "${day(1)}"`);
    expect(halfOpen.map(({ from }: { from: string }) => from)).toEqual([day(-1), day(0)]);
    expect(sums(halfOpen)).toEqual([big, '30']);
    const lastSecond = new Date(midnight.getTime() - 1000).toISOString();
    const after = await fromTo(`_gt: "${lastSecond}", _lte: "${day(1)}"`);
    expect(after.map(({ from }: { from: string }) => from)).toEqual([day(0), day(1)]);
    expect(await fromTo(`_gte: "${day(0)}", _lt: "${day(0)}"`)).toEqual([]);
  });

  test('extends to the requested time, long after the last row', async () => {
    expect(
      await series(`interval: DAY, at: { timestamp: "${at(FIRST + 20 * DAY)}" }`),
    ).toHaveLength(21);
  });

  test('has no zeros for blocks that its filter leaves out', async () => {
    const rows = await series(`filter: { block: { lte: ${FIRST + 2 * DAY} } }, interval: DAY`);
    expect(sums(rows)).toEqual([big, '30']);
  });

  test('a series of nothing has zeros if its range is given', async () => {
    const range = `timestamp: { gte: "${at(FIRST + 10 * DAY)}", lte: "${at(FIRST + 12 * DAY)}" }`;
    expect(sums(await series(`filter: { ${range} }, interval: DAY`))).toEqual(['0', '0', '0']);
  });

  test('has in SQL and in the program the same begin of each step', async () => {
    for (const interval of ['hour', 'day', 'week', 'month'] as const) {
      for (const block of [0, 1, 299, 7199, 7200 * 31, 7200 * 59 + 5, 7200 * 366]) {
        const { rows } = await books.pool.query(
          "SELECT date_trunc($1, $2::timestamptz, 'UTC') AS step",
          [interval, timeOf(block)],
        );
        expect(stepOf(interval, timeOf(block))).toEqual(rows[0].step);
      }
    }
  });

  test('a series that would be too long is refused with its bound', async () => {
    const error = await askError(
      late,
      '{ receiptTotals(filter: { timestamp: { gte: "1990-01-01T00:00:00Z" } }, interval: HOUR) { count } }',
    );
    expect(error.code).toBe('TOO_MANY_STEPS');
    expect(error.message).toContain('10000');
    expect(error.hint).toContain('10000');
  });
});
