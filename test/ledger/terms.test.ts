import { describe, expect, test } from 'vitest';
import { applyReceipt, applySnapshot, burnRates, nextAssignment } from '../../src/ledger/apply.js';
import { AccountBalances, termsEntry } from '../../src/ledger/journal.js';
import { policyNamed } from '../../src/ledger/policies/registry.js';
import { EMPTY_POOLS, newRevenueWei, type PoolState } from '../../src/ledger/state.js';
import { applyTerms, type ContractTerms, rulesAt } from '../../src/ledger/terms.js';

const TERMS: ContractTerms = {
  percentClaimable: 80n,
  window: 2,
  interval: 10n,
  intervalUnit: 'seconds',
  isPaused: null,
};
const policy = policyNamed('windowed');
const rules = { policy, terms: TERMS };

/** Three snapshots of 800 wei, of which the first rolled over into the third; 200 each to burners. */
function threeSnapshots(): PoolState {
  let state: PoolState = { ...EMPTY_POOLS, supply: 1000n };
  for (const id of [1n, 2n, 3n]) {
    state = applySnapshot(rules, applyReceipt(state, 1000n), id).state;
  }
  return state;
}

describe('another window', () => {
  test('makes the rest of snapshots that leave it new revenue', () => {
    const { state, moves } = applyTerms(rules, threeSnapshots(), { ...TERMS, window: 1 });
    expect(moves).toEqual([{ snapshotId: 2, wei: -800n }]);
    expect(newRevenueWei(state)).toBe(800n);
  });

  test('subtracts the rest of reopened snapshots from new revenue, even below zero', () => {
    const { state, moves } = applyTerms(rules, threeSnapshots(), { ...TERMS, window: 3 });
    expect(moves).toEqual([{ snapshotId: 1, wei: 800n }]);
    expect(newRevenueWei(state)).toBe(-800n);
    const wider = { policy, terms: { ...TERMS, window: 3 } };
    expect(burnRates(wider, state)).toBeNull();
    expect(nextAssignment(wider, state)).toBeNull();
    expect(() => applySnapshot(wider, state, 4n)).toThrow('should revert');
    expect(newRevenueWei(applyReceipt(state, 800n))).toBe(0n);
  });

  test('moves the same in the journal, where only new revenue may be below zero', () => {
    const journal = new AccountBalances([['claimable/2', 800n]]);
    journal.book(termsEntry([{ snapshotId: 1, wei: 800n }]));
    expect(journal.of('new-revenue')).toBe(-800n);
    expect(journal.heldWei()).toBe(800n);
    expect(() => journal.book(termsEntry([{ snapshotId: 3, wei: -1n }]))).toThrow('claimable/3');
  });
});

test('a burn that took more than another percentage leaves reverts', () => {
  const state = { ...threeSnapshots(), balanceWei: 3950n, redeemedFromNewWei: 150n };
  const revenue = { ...state, claimPoolWei: state.claimPoolWei, redeemPoolWei: 600n };
  expect(burnRates({ policy, terms: { ...TERMS, percentClaimable: 100n } }, revenue)).toBeNull();
});

test('the terms of a block are those of the newest change up to it', () => {
  const later = { ...TERMS, percentClaimable: 60n };
  const history = { policy, first: TERMS, changes: [{ block: 7, terms: later }], knownFrom: 0 };
  expect([6, 7, 8].map((block) => rulesAt(history, block).terms.percentClaimable)).toEqual([
    80n,
    60n,
    60n,
  ]);
  expect(() => rulesAt({ ...history, knownFrom: 7 }, 6)).toThrow('block 6');
});
