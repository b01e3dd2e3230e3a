import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TokenRules } from '../../src/ledger/apply.js';
import { redeemableWei, snapshotShareWei } from '../../src/ledger/entitlement.js';
import { policyNamed } from '../../src/ledger/policies/registry.js';
import { EMPTY_POOLS } from '../../src/ledger/state.js';
import { partOfRate, ratioText } from '../../src/ledger/yields/ratio.js';
import { burnValueOf, perWholeToken, yieldOf } from '../../src/ledger/yields/yield.js';

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
