import { describe, expect, it } from 'vitest';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  type TokenRules,
} from '../../src/ledger/apply.js';
import { accruingWei, entitlementOf } from '../../src/ledger/entitlement.js';
import { policyNamed } from '../../src/ledger/policies/registry.js';
import { EMPTY_POOLS, newRevenueWei } from '../../src/ledger/state.js';

const RULES: TokenRules = {
  policy: policyNamed('windowed'),
  terms: { percentClaimable: 80n, window: 2, interval: 60n, intervalUnit: 'seconds' },
};
const started = applySupplyChange(EMPTY_POOLS, 1000n);
const noClaims = { claims: new Map<number, bigint>(), redeemedWei: 0n };

describe('windowed policy', () => {
  it('a snapshot assigns p % to holders and the rest to the redeem pool', () => {
    const { state, effect } = applySnapshot(RULES, applyReceipt(started, 999n), 1n);
    expect(effect).toEqual({
      snapshotId: 1,
      newRevenueWei: 999n,
      freshWei: 799n,
      rolledOverWei: 0n,
      claimableWei: 799n,
      redeemableAddedWei: 200n,
      supply: 1000n,
    });
    expect(newRevenueWei(state)).toBe(0n);
    expect(state).toMatchObject({ balanceWei: 999n, claimPoolWei: 799n, redeemPoolWei: 200n });
  });

  it('unclaimed revenue returns to all holders two snapshots later', () => {
    let state = applySnapshot(RULES, applyReceipt(started, 1000n), 1n).state;
    state = applyClaim(RULES, state, 1, 300n);
    state = applySnapshot(RULES, applyReceipt(state, 500n), 2n).state;
    const third = applySnapshot(RULES, applyReceipt(state, 100n), 3n);
    expect(third.effect).toMatchObject({ freshWei: 80n, rolledOverWei: 500n, claimableWei: 580n });
    expect(third.state.claimPoolWei).toBe(400n + 580n);
  });

  it('a snapshot two behind the newest is expired, and what it held is missed', () => {
    let state = started;
    for (const id of [1n, 2n, 3n]) {
      state = applySnapshot(RULES, applyReceipt(state, 100n), id).state;
    }
    const holder = { ...noClaims, checkpoints: [{ interval: 0, balance: 500n }] };
    const entitlement = entitlementOf(RULES, state, holder);
    expect(entitlement.snapshots.map(({ state: standing }) => standing)).toEqual([
      'EXPIRED',
      'OPEN',
      'OPEN',
    ]);
    expect(entitlement.expiredWei).toBe(40n);
    expect(entitlement.totalClaimableWei).toBe(40n + 80n);
  });

  it('the balance that counts is the one before the snapshot, not after', () => {
    const { state } = applySnapshot(RULES, applyReceipt(started, 1000n), 1n);
    const bought = {
      ...noClaims,
      checkpoints: [
        { interval: 0, balance: 10n },
        { interval: 1, balance: 900n },
      ],
    };
    const entitlement = entitlementOf(RULES, state, bought);
    expect(entitlement.totalClaimableWei).toBe(8n);
    expect(entitlement.balance).toBe(900n);
  });

  it('a holder who burns gets its part of both pools and leaves p % of new revenue to the others', () => {
    let state = applySnapshot(RULES, applyReceipt(started, 1000n), 1n).state;
    state = applyReceipt(state, 1000n);
    const { state: after, effect } = applyRedemption(RULES, state, 100n, 40n);
    expect(effect).toEqual({ fromNewWei: 20n, fromPoolWei: 20n });
    expect(newRevenueWei(after)).toBe(1000n);
    expect(after).toMatchObject({
      balanceWei: 1960n,
      redeemPoolWei: 180n,
      redeemedFromNewWei: 20n,
    });
  });

  it('refuses a redemption that was paid one wei too much', () => {
    const state = applyReceipt(started, 1000n);
    expect(() => applyRedemption(RULES, state, 100n, 21n)).toThrowError(
      'burning 100 of 1000 should pay 20, the contract paid 21',
    );
  });

  it('refuses a claim of an expired or future snapshot, and more than is left', () => {
    let state = started;
    for (const id of [1n, 2n, 3n]) {
      state = applySnapshot(RULES, applyReceipt(state, 100n), id).state;
    }
    expect(() => applyClaim(RULES, state, 1, 1n)).toThrowError('a claim of snapshot 1 while');
    expect(() => applyClaim(RULES, state, 4, 1n)).toThrowError('a claim of snapshot 4 while');
    expect(() => applyClaim(RULES, state, 2, 81n)).toThrowError('81 claimed of 80');
  });

  it('refuses a snapshot id that is not the next one', () => {
    expect(() => applySnapshot(RULES, started, 2n)).toThrowError('snapshot 2 follows snapshot 0');
  });

  it('accruing counts what would roll over as well', () => {
    let state = applySnapshot(RULES, applyReceipt(started, 1000n), 1n).state;
    state = applySnapshot(RULES, state, 2n).state;
    state = applyReceipt(state, 50n);
    expect(accruingWei(RULES, state, 100n)).toBe((100n * (40n + 800n)) / 1000n);
  });
});
