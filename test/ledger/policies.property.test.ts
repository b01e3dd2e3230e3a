import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  isOpen,
  type TokenRules,
} from '../../src/ledger/apply.js';
import { entitlementOf, type HolderRecord, redeemableWei } from '../../src/ledger/entitlement.js';
import type { RevenuePolicy } from '../../src/ledger/policies/policy.js';
import { POLICIES, policyLike } from '../../src/ledger/policies/registry.js';
import {
  EMPTY_POOLS,
  lastSnapshotId,
  newRevenueWei,
  type PoolState,
} from '../../src/ledger/state.js';
import { type ContractModel, referenceModel, windowedModel } from './contractModel.js';

type Step =
  | { kind: 'receive'; value: bigint }
  | { kind: 'snapshot' }
  | { kind: 'claim'; holder: number; age: number }
  | { kind: 'burn'; holder: number; percent: number }
  | { kind: 'transfer'; from: number; to: number; percent: number };

const HOLDERS = 4;
const holder = fc.integer({ min: 0, max: HOLDERS - 1 });
const percent = fc.integer({ min: 0, max: 60 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('receive' as const), value: fc.bigInt(0n, 10n ** 20n) }),
  fc.record({ kind: fc.constant('snapshot' as const) }),
  fc.record({ kind: fc.constant('claim' as const), holder, age: fc.integer({ min: 0, max: 4 }) }),
  fc.record({ kind: fc.constant('burn' as const), holder, percent }),
  fc.record({ kind: fc.constant('transfer' as const), from: holder, to: holder, percent }),
);
const supply = fc.constantFrom(7n, 1_000_000n, 10n ** 27n);
const claimablePercent = fc.constantFrom(0n, 1n, 33n, 60n, 80n, 100n);

/** What a contract of the policy does, by the model with its rules. */
interface Relative {
  readonly policy: RevenuePolicy;
  readonly window: number | null;
}

/** The policies that parts say whole; where a getter says the window, some windows. */
const RELATIVES: Relative[] = POLICIES.flatMap((policy): Relative[] => {
  const { window, own } = policy.parts;
  if (own !== undefined) return [];
  if (window === 'none') return [{ policy, window: null }];
  const windows = window === 'getter' ? [1, 2, 3, 4] : [window];
  return windows.map((open) => ({ policy, window: open }));
});

/** A policy that nobody has seen: a line of data, and nothing else. */
const TOY = policyLike('windowed', { window: 5, rounding: 'reference', rollOver: 'none' });

function sharesAsTheModel({ policy, window }: Relative): void {
  const { rounding, rollOver } = policy.parts;
  fc.assert(
    fc.property(supply, claimablePercent, fc.array(step, { maxLength: 60 }), (s, p, steps) => {
      const gap = { interval: 10n, intervalUnit: 'seconds' } as const;
      const terms = { percentClaimable: p, window, ...gap };
      const model =
        window === null
          ? referenceModel(p, s, { rounding })
          : windowedModel(p, s, window, { rounding, rollOver });
      replay({ policy, terms }, model, s, steps);
    }),
    { numRuns: 60 },
  );
}

describe('the ledger equals the contract, statement by statement', () => {
  it.each(RELATIVES)(
    '$policy.name with window $window: pools, shares and redemptions',
    (relative) => {
      sharesAsTheModel(relative);
    },
  );

  it('a policy added as one line of data: pools, shares and redemptions', () => {
    expect(TOY.name).toBe('windowed-like');
    sharesAsTheModel({ policy: TOY, window: 5 });
  });
});

/** Does the same to the contract model and to the ledger, and compares after each step. */
function replay(rules: TokenRules, model: ContractModel, supply: bigint, steps: Step[]): void {
  let state: PoolState = applySupplyChange(EMPTY_POOLS, supply);
  const balances: bigint[] = [supply, 0n, 0n, 0n];
  const history: bigint[][] = [[...balances]];
  const claims = Array.from({ length: HOLDERS }, () => new Map<number, bigint>());
  const balanceAt = (who: number, id: number) => history[id - 1]?.[who] ?? 0n;

  for (const operation of steps) {
    switch (operation.kind) {
      case 'receive':
        model.receive(operation.value);
        state = applyReceipt(state, operation.value);
        break;
      case 'snapshot':
        history[model.last] = [...balances];
        model.snapshot();
        ({ state } = applySnapshot(rules, state, BigInt(model.last)));
        break;
      case 'claim': {
        const id = model.last - operation.age;
        if (id < 1 || claims[operation.holder]?.has(id)) break;
        const paid = model.claim(balanceAt(operation.holder, id), id);
        if (paid === 'revert') break;
        state = applyClaim(rules, state, id, paid);
        claims[operation.holder]?.set(id, paid);
        break;
      }
      case 'burn': {
        const amount = ((balances[operation.holder] ?? 0n) * BigInt(operation.percent)) / 100n;
        const paid = model.burn(amount);
        ({ state } = applyRedemption(rules, state, amount, paid));
        state = applySupplyChange(state, -amount);
        balances[operation.holder] = (balances[operation.holder] ?? 0n) - amount;
        break;
      }
      case 'transfer': {
        const amount = ((balances[operation.from] ?? 0n) * BigInt(operation.percent)) / 100n;
        balances[operation.from] = (balances[operation.from] ?? 0n) - amount;
        balances[operation.to] = (balances[operation.to] ?? 0n) + amount;
      }
    }
    history[model.last] = [...balances];
    compare(rules, state, model, balances, claims, balanceAt);
  }
}

function compare(
  rules: TokenRules,
  state: PoolState,
  model: ContractModel,
  balances: bigint[],
  claims: Map<number, bigint>[],
  balanceAt: (who: number, id: number) => bigint,
): void {
  expect(state.balanceWei).toBe(model.balance);
  expect(state.supply).toBe(model.supply);
  expect(newRevenueWei(state)).toBe(model.newRevenue());
  expect(lastSnapshotId(state)).toBe(model.last);
  for (let who = 0; who < HOLDERS; who++) {
    const record: HolderRecord = {
      checkpoints: [
        ...Array.from({ length: model.last }, (_, interval) => ({
          interval,
          balance: balanceAt(who, interval + 1),
        })),
        { interval: model.last, balance: balances[who] ?? 0n },
      ],
      claims: claims[who] ?? new Map(),
      redeemedWei: 0n,
    };
    const entitlement = entitlementOf(rules, state, record);
    expect(entitlement.balance).toBe(balances[who]);
    expect(entitlement.redeemableWei).toBe(model.redeemable(balances[who] ?? 0n));
    expect(redeemableWei(rules, state, 1n)).toBe(model.redeemable(1n));
    for (const snapshot of entitlement.snapshots) {
      const owed = model.claimable(balanceAt(who, snapshot.snapshotId), snapshot.snapshotId);
      const claimed = claims[who]?.has(snapshot.snapshotId) ?? false;
      expect(snapshot.claimableWei).toBe(claimed || owed === 'revert' ? 0n : owed);
      expect(isOpen(rules.terms, snapshot.snapshotId, model.last)).toBe(owed !== 'revert');
    }
  }
}
