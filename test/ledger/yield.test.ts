import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TokenRules } from '../../src/ledger/apply.js';
import { redeemableWei, snapshotShareWei } from '../../src/ledger/entitlement.js';
import { policyNamed } from '../../src/ledger/policies/registry.js';
import { NOTHING } from '../../src/ledger/rate.js';
import { EMPTY_POOLS } from '../../src/ledger/state.js';
import { partOfRate, ratioText } from '../../src/ledger/yields/ratio.js';
import {
  burnValueOf,
  costPerToken,
  partOfPrice,
  perWholeToken,
  yieldOf,
} from '../../src/ledger/yields/yield.js';

const amount = fc.bigInt(0n, 10n ** 24n);
const supply = fc.bigInt(1n, 10n ** 27n);
const decimals = fc.integer({ min: 0, max: 18 });
const terms = { percentClaimable: 80n, window: 2, interval: null, intervalUnit: null } as const;

test('revenue per whole token, rounded down, is the share of an account with one whole token', () => {
  fc.assert(
    fc.property(amount, supply, decimals, (claimableWei, units, digits) => {
      const { numerator, denominator } = perWholeToken({ claimableWei, supply: units }, digits);
      const pool = { claimableWei, claimedWei: 0n, supply: units };
      expect(numerator / denominator).toBe(snapshotShareWei(pool, 10n ** BigInt(digits)));
    }),
    { seed: 7641 },
  );
});

test.each(['windowed', 'reference'])(
  'the burn value of %s is the quote before rounding',
  (name) => {
    const rules: TokenRules = { policy: policyNamed(name), terms };
    fc.assert(
      fc.property(amount, amount, supply, decimals, (fresh, redeemPoolWei, units, digits) => {
        const state = {
          ...EMPTY_POOLS,
          balanceWei: fresh + redeemPoolWei,
          redeemPoolWei,
          supply: units,
        };
        const { numerator, denominator } = burnValueOf(rules, state, digits);
        const quoted = redeemableWei(rules, state, 10n ** BigInt(digits));
        const lost = numerator / denominator - quoted;
        expect(lost === 0n || lost === 1n).toBe(true);
      }),
      { seed: 7641 },
    );
  },
);

test('a year of several snapshots is their sum, to the last digit', () => {
  const snapshots = [
    { claimableWei: 10n, supply: 3n },
    { claimableWei: 1n, supply: 7n },
  ];
  const { perToken, annualised } = yieldOf(snapshots, 0, 31_536_000n / 4n);
  expect(perToken).toEqual({ numerator: 73n, denominator: 21n });
  expect(annualised).toEqual({ numerator: 292n, denominator: 21n });
  expect(ratioText(annualised)).toBe('13.904761904761904761');
  expect(partOfRate(annualised, { numerator: 0n, denominator: 1n })).toBeNull();
});

test.each(['windowed', 'reference'])(
  'burning a whole token of %s pays its part of both pools',
  (name) => {
    const rules: TokenRules = { policy: policyNamed(name), terms };
    const state = { ...EMPTY_POOLS, balanceWei: 107n, redeemPoolWei: 7n, supply: 6n };
    // 20 % of 100, and 7, for 6 units: a whole token is 10.
    expect(ratioText(burnValueOf(rules, state, 1))).toBe('45');
  },
);

test('the cost of a whole token is what all sales took for what they gave', () => {
  const bases = [
    { paid: 10n, got: 4n },
    { paid: 1n, got: 4n },
  ];
  expect(ratioText(costPerToken(bases, 2) ?? NOTHING)).toBe('137.5');
  expect(costPerToken([], 2)).toBeNull();
  expect(costPerToken([{ paid: 3n, got: 0n }], 2)).toBeNull();
});

test('revenue is compared with the price of a token in the same currency', () => {
  // 30 of the smallest unit are 3 coins of 2 each; the token costs 0.5.
  const asset = { price: { answer: 200n, decimals: 2 }, assetDecimals: 1 };
  const part = partOfPrice({ numerator: 30n, denominator: 1n }, asset, { answer: 5n, decimals: 1 });
  expect(ratioText(part ?? NOTHING)).toBe('12');
});
