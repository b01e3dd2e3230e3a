import { describe, expect, test } from 'vitest';
import { ALICE, BOB, WINDOWED } from '../../store/read/scenario.js';
import { serveScenario } from '../servedScenario.js';
import { askData, askError } from '../support.js';

const { api, books } = await serveScenario();

const OF = `chainId: 1, token: "${WINDOWED}"`;
const STATES = 'balanceWei pools { newRevenueWei claimableWei redeemableWei }';
const STEP = `block receivedWei claimedWei redeemedWei snapshots supply holders ${STATES}`;

/** The scenario lives from 22:13 to 22:25 of one evening; an hour has 300 of its blocks. */
const EVENING = '{ gte: "2023-11-14T21:00:00Z", lte: "2023-11-14T23:00:00Z" }';

describe('tokenSeries', () => {
  test('says what happened in each step and how things stood at its end, without gaps', async () => {
    const { tokenSeries } = await askData(
      api,
      `{ tokenSeries(${OF}, interval: HOUR, timestamp: ${EVENING}) { from to ${STEP} } }`,
    );
    const token = await askData(
      api,
      `{ token(chainId: 1, address: "${WINDOWED}") { supply receivedWei claimedWei redeemedWei ${STATES} } }`,
    );
    const { supply, receivedWei, claimedWei, redeemedWei, balanceWei, pools } = token.token;
    const nothing = { receivedWei: '0', claimedWei: '0', redeemedWei: '0', snapshots: 0 };
    expect(tokenSeries).toEqual([
      {
        ...nothing,
        from: '2023-11-14T21:00:00.000Z',
        to: '2023-11-14T22:00:00.000Z',
        block: null,
        supply: '0',
        holders: 0,
        balanceWei: '0',
        pools: { newRevenueWei: '0', claimableWei: '0', redeemableWei: '0' },
      },
      {
        from: '2023-11-14T22:00:00.000Z',
        to: '2023-11-14T23:00:00.000Z',
        block: 50,
        ...{ receivedWei, claimedWei, redeemedWei, snapshots: 3 },
        ...{ supply, holders: 3, balanceWei, pools },
      },
    ]);
  });

  test('counts as of any block: every figure is that of the token there', async () => {
    for (const [block, holders] of [
      [20, 2],
      [22, 3],
      [31, 3],
    ]) {
      const at = `at: { block: ${block} }`;
      const { tokenSeries, token } = await askData(
        api,
        `{ tokenSeries(${OF}, ${at}, interval: MONTH) { ${STEP} }
           token(chainId: 1, address: "${WINDOWED}", ${at}) {
             supply receivedWei claimedWei redeemedWei ${STATES} lastSnapshot { snapshotId } } }`,
      );
      const { lastSnapshot, ...figures } = token;
      expect(tokenSeries).toEqual([
        { ...figures, block, holders, snapshots: lastSnapshot.snapshotId },
      ]);
    }
  });

  test.each([
    ['tokenSeries', `${OF}, interval: HOUR`, 'timestamp'],
    ['holderSeries', `${OF}, holder: "${BOB}", interval: HOUR`, 'timestamp'],
    ['receiptTotals', 'interval: HOUR', 'filter: { chainId: 1, timestamp'],
    ['transferTotals', 'groupBy: [TOKEN]', 'filter: { chainId: 1, timestamp'],
  ])('%s of times after the moment of the answer are refused', async (name, args, range) => {
    const from = async (at: string, time: string) => {
      const end = range === 'timestamp' ? '' : ' }';
      const asked = `${args}, at: { ${at} }, ${range}: { gte: "2023-11-14T${time}Z" }${end}`;
      return askError(api, `{ ${name}(${asked}) { from } }`).then(({ code }) => code);
    };
    // Block 31 is of 22:19:32; nothing happened in block 33, two blocks before the next one with operations.
    expect(await from('block: 31', '22:19:33')).toBe('BAD_RANGE');
    expect(await from('block: 33', '22:20:20')).toBe('BAD_RANGE');
    expect(await from('timestamp: "2023-11-14T22:19:40Z"', '22:19:41')).toBe('BAD_RANGE');
    await expect(from('block: 31', '22:19:32')).rejects.toThrow();
    await expect(from('timestamp: "2023-11-14T22:19:40Z"', '22:19:40')).rejects.toThrow();
  });

  test('has at most 10,000 steps, and none that end before they begin', async () => {
    const since1970 = 'timestamp: { gte: "1970-01-01T00:00:00Z" }';
    const long = `{ tokenSeries(${OF}, interval: HOUR, ${since1970}) { from } }`;
    expect(await askError(api, long)).toMatchObject({ code: 'TOO_MANY_STEPS' });
    const back = 'timestamp: { gte: "2023-11-15T00:00:00Z", lte: "2023-11-14T00:00:00Z" }';
    const empty = `{ tokenSeries(${OF}, interval: HOUR, ${back}) { from } }`;
    expect(await askError(api, empty)).toMatchObject({ code: 'BAD_RANGE' });
    const beyond = `{ tokenSeries(${OF}, interval: DAY, timestamp: { gte: "2099-01-01T00:00:00Z" }) { from } }`;
    expect(await askError(api, beyond)).toMatchObject({ code: 'BLOCK_NOT_INDEXED' });
    const early = `{ holderSeries(${OF}, holder: "${BOB}", interval: DAY, timestamp: { lte: "2023-11-14T22:13:20Z" }) { from } }`;
    expect(await askError(api, early)).toMatchObject({ code: 'BEFORE_START' });
    const later = `{ tokenSeries(${OF}, interval: HOUR, at: { block: 99 }) { from } }`;
    expect(await askError(api, later)).toMatchObject({ code: 'BLOCK_NOT_INDEXED' });
  });
});

describe('holderSeries', () => {
  test.each([
    ['ALICE', ALICE],
    ['BOB', BOB],
  ])('%s: balance, entitlement and payments are those of the holder', async (_, holder) => {
    const { holderSeries, holder: now } = await askData(
      api,
      `{ holderSeries(${OF}, holder: "${holder}", interval: DAY) {
           block balance claimableWei accruingWei redeemableWei expiredWei claimedWei redeemedWei }
         holder(address: "${holder}", chainId: 1) { positions { balance entitlement {
           totalClaimableWei accruingWei redeemableWei expiredWei claimedWei redeemedWei } } } }`,
    );
    const [{ balance, entitlement }] = now.positions;
    const { totalClaimableWei: claimableWei, ...figures } = entitlement;
    expect(holderSeries).toEqual([{ block: 50, balance, claimableWei, ...figures }]);
  });

  test('has at most 1,000 steps', async () => {
    const long = 'timestamp: { gte: "2023-09-01T00:00:00Z" }';
    const query = `{ holderSeries(${OF}, holder: "${BOB}", interval: HOUR, ${long}) { from } }`;
    expect(await askError(api, query)).toMatchObject({ code: 'TOO_MANY_STEPS' });
  });
});

describe('the counts of holders', () => {
  const read = async () =>
    (
      await books.pool.query(
        'SELECT token_number, block_number, holders FROM holder_count ORDER BY id',
      )
    ).rows;

  test('of books that an earlier version indexed are made from the checkpoints of balances', async () => {
    const before = await read();
    expect(before).toContainEqual({ token_number: 1, block_number: 22, holders: 3 });
    const { HolderCounts1765070000000: Migration } = await import(
      '../../../db/migrations/1765070000000-HolderCounts.js' as string
    );
    const migration = new Migration();
    await migration.down(books.pool);
    await migration.up(books.pool);
    expect(await read()).toEqual(before);
  });
});
