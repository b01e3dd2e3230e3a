import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import type { Entitlement } from '../../../src/ledger/entitlement.js';
import { readEntitlements } from '../../../src/store/read/entitlements/entitlements.js';
import { readPools } from '../../../src/store/read/tokens/pools.js';
import { readPoolVersions } from '../../../src/store/read/tokens/poolVersions.js';
import { readTokens, type TokenRecord } from '../../../src/store/read/tokens/tokens.js';
import { freshDatabase } from '../../support/databases/postgres.js';
import type { Books } from './books.js';
import { ALICE, BOB, CAROL, DAVE, ERIN, openScenario } from './scenario.js';

let books: Books;
let win: TokenRecord;
let ref: TokenRecord;

beforeAll(async () => {
  books = await openScenario(await freshDatabase());
  [win, ref] = (await readTokens(books.pool)) as [TokenRecord, TokenRecord];
});
afterAll(() => books.close());

async function entitlement(
  token: TokenRecord,
  account: Address,
  block: number,
): Promise<Entitlement> {
  const [answer] = await readEntitlements(books.pool, [{ token, account, block }]);
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

const states = ({ snapshots }: Entitlement) => snapshots.map(({ state }) => state).join(' ');
const claimable = ({ snapshots }: Entitlement) => snapshots.map((each) => each.claimableWei);

describe('pools as of a block', () => {
  test('the newest version that is not after the block counts', async () => {
    const at = (block: number) => ({ tokenNumber: win.number, block });
    const [before, first, same, last] = await readPoolVersions(books.pool, [
      at(9),
      at(10),
      at(19),
      at(1_000_000),
    ]);
    expect(before).toMatchObject({ supply: 0n, balanceWei: 0n, receivedWei: 0n });
    expect(first).toMatchObject({ supply: 100n, balanceWei: 1000n, newRevenueWei: 1000n });
    expect(same).toEqual(first);
    expect(last).toMatchObject({
      supply: 90n,
      balanceWei: 1315n,
      newRevenueWei: 50n,
      claimPoolWei: 690n,
      redeemPoolWei: 577n,
      redeemedFromNewWei: 2n,
      lastSnapshotId: 3,
      receivedWei: 1651n,
      claimedWei: 270n,
      redeemedWei: 66n,
    });
  });

  test('what is claimed of a snapshot grows with the claims up to the block', async () => {
    const [before, after] = await readPools(books.pool, [
      { tokenNumber: win.number, block: 30 },
      { tokenNumber: win.number, block: 31 },
    ]);
    expect(before?.snapshots).toEqual([
      { claimableWei: 600n, claimedWei: 240n, supply: 100n },
      { claimableWei: 300n, claimedWei: 0n, supply: 100n },
    ]);
    expect(after?.snapshots[1]).toEqual({ claimableWei: 300n, claimedWei: 30n, supply: 100n });
  });
});

describe('a windowed token', () => {
  test('a snapshot gives each holder its share of the balances before it', async () => {
    const [alice, bob, carol] = await Promise.all(
      [ALICE, BOB, CAROL].map((account) => entitlement(win, account, 20)),
    );
    expect(alice).toMatchObject({ balance: 60n, totalClaimableWei: 360n, claimedWei: 0n });
    expect(bob).toMatchObject({ balance: 40n, totalClaimableWei: 240n });
    expect(carol).toMatchObject({ balance: 0n, totalClaimableWei: 0n });
    expect(carol && states(carol)).toBe('NOTHING');
  });

  test('a transfer after a snapshot moves nothing of it', async () => {
    const alice = await entitlement(win, ALICE, 22);
    expect(alice).toMatchObject({ balance: 50n, totalClaimableWei: 360n });
    expect(alice.snapshots[0]).toMatchObject({ balanceAt: 60n, shareWei: 360n });
    expect(await entitlement(win, CAROL, 22)).toMatchObject({
      balance: 10n,
      totalClaimableWei: 0n,
    });
  });

  test('unclaimed revenue returns to all holders two snapshots later', async () => {
    const before = await entitlement(win, ALICE, 39);
    expect(claimable(before)).toEqual([360n, 150n]);
    expect(before.expiredWei).toBe(0n);

    const after = await entitlement(win, ALICE, 40);
    expect(states(after)).toBe('EXPIRED OPEN OPEN');
    // Snapshot 3 assigns 60 fresh wei and the 360 that alice left of snapshot 1.
    expect(claimable(after)).toEqual([0n, 150n, 210n]);
    expect(after).toMatchObject({ totalClaimableWei: 360n, expiredWei: 360n });

    const bob = await entitlement(win, BOB, 40);
    expect(states(bob)).toBe('CLAIMED OPEN OPEN');
    expect(bob).toMatchObject({ totalClaimableWei: 120n + 168n, claimedWei: 240n, expiredWei: 0n });
  });

  test('a burn keeps what was assigned and pays from both pools', async () => {
    const alice = await entitlement(win, ALICE, 50);
    expect(alice).toMatchObject({
      balance: 40n,
      totalClaimableWei: 360n,
      redeemedWei: 66n,
      // 40 * (50 * 40 / 100 - 2) / 90 + 40 * 577 / 90
      redeemableWei: 8n + 256n,
      // 40 * (30 fresh + 270 left of snapshot 2) / 90
      accruingWei: 133n,
    });
    expect(await entitlement(win, ALICE, 49)).toMatchObject({ balance: 50n, redeemedWei: 0n });
  });

  test('a claim counts from its block on', async () => {
    expect(states(await entitlement(win, CAROL, 30))).toBe('NOTHING OPEN');
    const carol = await entitlement(win, CAROL, 31);
    expect(states(carol)).toBe('NOTHING CLAIMED');
    expect(carol).toMatchObject({ claimedWei: 30n, totalClaimableWei: 0n });
  });
});

describe('a reference token', () => {
  test('snapshots stay open for ever, and each division floors by itself', async () => {
    const dave = await entitlement(ref, DAVE, 55);
    expect(states(dave)).toBe('OPEN OPEN NOTHING');
    expect(claimable(dave)).toEqual([35n, 3n, 0n]);
    const erin = await entitlement(ref, ERIN, 55);
    expect(states(erin)).toBe('CLAIMED OPEN NOTHING');
    expect(erin).toMatchObject({ claimedWei: 15n, totalClaimableWei: 1n });
  });
});

test('many holders, tokens and blocks are read together and stay apart', async () => {
  const keys = [win, ref].flatMap((token) =>
    [ALICE, BOB, CAROL, DAVE, ERIN].flatMap((account) =>
      [9, 12, 21, 31, 40, 46, 55].map((block) => ({ token, account, block })),
    ),
  );
  const together = await readEntitlements(books.pool, keys);
  const alone = await Promise.all(keys.map((key) => readEntitlements(books.pool, [key])));
  expect(together).toEqual(alone.flat());
});
