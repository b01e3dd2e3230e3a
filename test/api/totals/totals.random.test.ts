import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningApi } from '../../../src/api/server.js';
import { accountOf, receipt, timeOf } from '../../store/read/actions.js';
import { Books } from '../../store/read/books.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import { askData, startTestApi } from '../support.js';

const SEED = Number(process.env.SEED ?? 7641);
const DAY = 7200;
const FIRST = 3 * DAY;
const LAST = 140 * DAY;

/** Numbers below `end`, the same for the same seed (a linear congruence). */
function numbers(seed: number): (end: number) => number {
  let state = seed % 2_147_483_647 || 1;
  return (end) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % end;
  };
}

interface Paid {
  readonly block: number;
  readonly time: number;
  readonly payer: string;
  readonly amount: bigint;
}

let books: Books;
let api: RunningApi;
const below = numbers(SEED);
const paid: Paid[] = [];

beforeAll(async () => {
  const url = await freshDatabase();
  books = Books.open(url);
  const number = await books.addToken({
    chainId: 1,
    address: accountOf(0x1000),
    symbol: 'TKN',
    policy: 'windowed',
    percent: 60n,
    window: 2,
    interval: 100n,
    intervalUnit: 'seconds',
    startBlock: FIRST,
    initialLastSnapshot: null,
  });
  const blocks = new Set(Array.from({ length: 120 }, () => FIRST + below(LAST - FIRST)));
  for (const block of [...blocks].toSorted((one, other) => one - other)) {
    const payer = accountOf(1 + below(3));
    const amount = BigInt(below(1_000_000)) ** 12n;
    paid.push({ block, time: timeOf(block).getTime(), payer, amount });
    await books.commit(1, block, new Map([[number, [receipt(payer, amount)]]]));
  }
  await books.commit(1, LAST, new Map());
  api = await startTestApi(url);
});
afterAll(async () => {
  await api.close();
  await books.close();
});

/** The start of a step, and of the next one, by the calendar. */
function stepAround(interval: string, time: number): [begin: number, end: number] {
  const date = new Date(time);
  const [year, month, day, hour] = [
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    date.getUTCHours(),
  ];
  const monday = day - ((date.getUTCDay() + 6) % 7);
  switch (interval) {
    case 'HOUR':
      return [Date.UTC(year, month, day, hour), Date.UTC(year, month, day, hour + 1)];
    case 'DAY':
      return [Date.UTC(year, month, day), Date.UTC(year, month, day + 1)];
    case 'WEEK':
      return [Date.UTC(year, month, monday), Date.UTC(year, month, monday + 7)];
    default:
      return [Date.UTC(year, month), Date.UTC(year, month + 1)];
  }
}

/** A series as it should be, computed from the payments one by one. */
function expected(
  interval: string,
  from: number,
  to: number,
  isCumulative: boolean,
  rows: readonly Paid[],
): { from: string; to: string; count: number; amountWei: { sum: string } }[] {
  const steps = [];
  let [begin, end] = stepAround(interval, from);
  while (begin <= to) {
    const first = isCumulative ? from : Math.max(begin, from);
    const within = rows.filter(({ time }) => time >= first && time < end && time <= to);
    steps.push({
      from: new Date(begin).toISOString(),
      to: new Date(end).toISOString(),
      count: within.length,
      amountWei: { sum: String(within.reduce((sum, { amount }) => sum + amount, 0n)) },
    });
    [begin, end] = stepAround(interval, end);
  }
  return steps;
}

test(`a series is what its payments add up to, whatever it is asked about, seed ${SEED}`, async () => {
  for (let round = 0; round < 60; round++) {
    const interval = ['DAY', 'WEEK', 'MONTH', 'HOUR'][below(4)] ?? 'DAY';
    const span = interval === 'HOUR' ? DAY * 9 : LAST - FIRST;
    const begin = FIRST + below(LAST - FIRST - span + 1);
    const ends = [begin + below(span), begin + below(span)].toSorted((one, other) => one - other);
    const [from = 0, to = 0] = ends.map((block) => {
      const time = timeOf(block).getTime();
      // Half of the ends are those of steps.
      return below(2) === 0 ? stepAround(interval, time)[0] : time;
    });
    const [hasFrom, hasTo] = [below(2) === 0, below(2) === 0];
    const isCumulative = below(2) === 0;
    const payer = below(2) === 0 ? null : accountOf(1 + below(3));
    const iso = (time: number) => new Date(time).toISOString();
    const { receiptTotals } = await askData(
      api,
      `{ receiptTotals(interval: ${interval}, cumulative: ${isCumulative}, where: {
          timestamp: {
            ${hasFrom ? '_gte' : '_gt'}: "${iso(hasFrom ? from : from - 1000)}"
            ${hasTo ? '_lte' : '_lt'}: "${iso(hasTo ? to : to + 1000)}"
          }
          ${payer === null ? '' : `payer: { _eq: "${payer}" }`}
        }) { from to count amountWei { sum } } }`,
    );
    const rows = paid.filter((row) => payer === null || row.payer === payer);
    expect([round, receiptTotals]).toEqual([
      round,
      from > to ? [] : expected(interval, from, to, isCumulative, rows),
    ]);
  }
});

test('the groups of a series add up to the whole, step by step', async () => {
  for (const interval of ['DAY', 'WEEK', 'MONTH']) {
    const ask = (groupBy: string) =>
      askData(
        api,
        `{ receiptTotals(interval: ${interval}, groupBy: [${groupBy}]) { from count amountWei { sum } } }`,
      );
    const { receiptTotals: whole } = await ask('');
    const { receiptTotals: parts } = await ask('PAYER');
    for (const step of whole) {
      const own = parts.filter(({ from }: { from: string }) => from === step.from);
      expect(own).toHaveLength(3);
      const sum = own.reduce(
        (all: bigint, { amountWei }: { amountWei: { sum: string } }) => all + BigInt(amountWei.sum),
        0n,
      );
      expect(String(sum)).toBe(step.amountWei.sum);
    }
  }
});
