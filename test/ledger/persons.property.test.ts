import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  type TokenRules,
} from '../../src/ledger/apply.js';
import {
  type BalanceCheckpoint,
  entitlementOf,
  redeemableWei,
  snapshotShareWei,
} from '../../src/ledger/entitlement.js';
import {
  type MovedTokens,
  nettedMovement,
  personRevenue,
} from '../../src/ledger/persons/netting.js';
import {
  personCostBasis,
  sumOfEntitlements,
  sumOfParticipations,
  sumOfStandings,
} from '../../src/ledger/persons/person.js';
import { policyNamed } from '../../src/ledger/policies/registry.js';
import { NEW_SALE, NO_PARTICIPATION } from '../../src/ledger/sales/sale.js';
import { EMPTY_POOLS, lastSnapshotId, type PoolState } from '../../src/ledger/state.js';
import { type RevenueMovement, revenueMovements, standingOf } from '../../src/ledger/statement.js';

const RULES: TokenRules = {
  policy: policyNamed('reference'),
  terms: { percentClaimable: 80n, window: null, interval: null, intervalUnit: null },
};
const NOBODY = -1;
/** Everybody; the first three are one person. */
const ACCOUNTS = [0, 1, 2, 3, 4];
const PERSON = [0, 1, 2];
/** The person as one account, to which transfers inside of it are unknown. */
const ONE = 9;

type Step =
  | { kind: 'transfer'; from: number; to: number; percent: bigint }
  | { kind: 'burn'; holder: number; percent: bigint }
  | { kind: 'snapshot'; each: bigint }
  | { kind: 'claim'; id: number };

const account = fc.constantFrom(...ACCOUNTS);
const percent = fc.bigInt(0n, 100n);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('transfer' as const), from: account, to: account, percent }),
  fc.record({ kind: fc.constant('burn' as const), holder: account, percent }),
  fc.record({ kind: fc.constant('snapshot' as const), each: fc.bigInt(1n, 9n) }),
  fc.record({ kind: fc.constant('claim' as const), id: fc.integer({ min: 1, max: 6 }) }),
);

interface Payment {
  readonly account: number;
  readonly snapshotId: number;
  readonly amountWei: bigint;
  readonly place: number;
}

/** A life of a token in which every share is a whole number of wei: so nothing hides behind rounding. */
class Life {
  state: PoolState = applySupplyChange(EMPTY_POOLS, 1_000_000n);
  readonly balances = new Map(ACCOUNTS.map((one) => [one, 200_000n]));
  readonly checkpoints = new Map<number, BalanceCheckpoint[]>();
  readonly transfers: (MovedTokens<number> & { readonly place: number })[] = [];
  readonly snapshots: { snapshotId: number; place: number }[] = [];
  readonly claims: Payment[] = [];
  readonly burns: Omit<Payment, 'snapshotId'>[] = [];
  private place = 0;

  constructor(steps: readonly Step[]) {
    for (const one of ACCOUNTS) this.keep(one);
    for (const one of steps) this.take(one);
  }

  balance(one: number): bigint {
    if (one !== ONE) return this.balances.get(one) ?? 0n;
    return PERSON.reduce((sum, own) => sum + this.balance(own), 0n);
  }

  private keep(one: number): void {
    for (const changed of PERSON.includes(one) ? [one, ONE] : [one]) {
      const interval = lastSnapshotId(this.state);
      const before = (this.checkpoints.get(changed) ?? []).filter((c) => c.interval < interval);
      const checkpoint = { interval, balance: this.balance(changed) };
      this.checkpoints.set(changed, [...before, checkpoint]);
    }
  }

  private move(from: number, to: number, amount: bigint): void {
    this.place++;
    this.transfers.push({ from, to, amount, place: this.place });
    for (const [one, change] of [[from, -amount] as const, [to, amount] as const]) {
      if (one === NOBODY) continue;
      this.balances.set(one, this.balance(one) + change);
      this.keep(one);
    }
  }

  private take(one: Step): void {
    switch (one.kind) {
      case 'transfer':
        this.move(one.from, one.to, (this.balance(one.from) * one.percent) / 100n);
        break;
      case 'burn':
        this.burn(one.holder, (this.balance(one.holder) * one.percent) / 100n);
        break;
      case 'snapshot':
        this.snapshot(one.each);
        break;
      case 'claim':
        for (const own of PERSON) this.claim(own, one.id);
    }
  }

  private burn(holder: number, amount: bigint): void {
    if (amount === 0n || this.state.supply === amount) return;
    const amountWei = redeemableWei(RULES, this.state, amount);
    this.state = applyRedemption(RULES, this.state, amount, amountWei).state;
    this.state = applySupplyChange(this.state, -amount);
    this.move(holder, NOBODY, amount);
    this.burns.push({ account: holder, amountWei, place: this.place });
  }

  /** Brings 5 wei for each token unit, of which 4 are shared. */
  private snapshot(each: bigint): void {
    this.state = applyReceipt(this.state, 5n * each * this.state.supply);
    const snapshotId = lastSnapshotId(this.state) + 1;
    this.state = applySnapshot(RULES, this.state, BigInt(snapshotId)).state;
    this.place++;
    this.snapshots.push({ snapshotId, place: this.place });
  }

  private claim(own: number, snapshotId: number): void {
    const before = this.entitlement(own).snapshots[snapshotId - 1];
    if (before === undefined || before.claimableWei === 0n) return;
    const amountWei = before.claimableWei;
    this.state = applyClaim(RULES, this.state, snapshotId, amountWei);
    this.place++;
    this.claims.push({ account: own, snapshotId, amountWei, place: this.place });
  }

  isOf(one: number): (payment: { readonly account: number }) => boolean {
    return ({ account: paid }) => (one === ONE ? PERSON.includes(paid) : paid === one);
  }

  entitlement(one: number) {
    const claims = new Map<number, bigint>();
    for (const { snapshotId, amountWei } of this.claims.filter(this.isOf(one))) {
      claims.set(snapshotId, (claims.get(snapshotId) ?? 0n) + amountWei);
    }
    const redeemedWei = this.burns
      .filter(this.isOf(one))
      .reduce((sum, { amountWei }) => sum + amountWei, 0n);
    const checkpoints = this.checkpoints.get(one) ?? [];
    return entitlementOf(RULES, this.state, { checkpoints, claims, redeemedWei });
  }

  revenue(one: number): RevenueMovement<number>[] {
    return revenueMovements({
      window: null,
      opening: null,
      closing: this.entitlement(one),
      events: this.snapshots,
      claims: this.claims.filter(this.isOf(one)),
      redemptions: this.burns.filter(this.isOf(one)),
    });
  }
}

const lives = (check: (life: Life) => void) =>
  fc.assert(
    fc.property(fc.array(step, { minLength: 5, maxLength: 60 }), (steps) => check(new Life(steps))),
    { numRuns: 200, seed: 7641 },
  );

const byPlace = (one: { place: number | null }, other: { place: number | null }) =>
  (one.place ?? Number.MAX_SAFE_INTEGER) - (other.place ?? Number.MAX_SAFE_INTEGER);

describe('a person with three accounts', () => {
  test('moves tokens as one account does that knows nothing of transfers between the three', () => {
    let kept = 0;
    lives((life) => {
      const own = (one: number) => PERSON.includes(one);
      const netted = life.transfers.map((transfer) => nettedMovement(transfer, own, NOBODY));
      const renamed = ({ from, to, ...rest }: MovedTokens<number>) => {
        return { ...rest, from: own(from) ? ONE : from, to: own(to) ? ONE : to };
      };
      const single = life.transfers
        .map(renamed)
        .filter(({ from, to }) => from !== to)
        .map((transfer) => nettedMovement(transfer, (one) => one === ONE, NOBODY));
      const told = netted
        .filter(({ kind }) => kind !== 'kept')
        .map((movement) => ({
          ...movement,
          account: own(movement.account) ? ONE : movement.account,
        }));
      const isOthers = ({ change }: { change: bigint }) => change !== 0n;
      expect(told.filter(isOthers)).toEqual(single.filter(isOthers));
      const changes = netted.reduce((sum, { change }) => sum + change, 0n);
      expect(600_000n + changes).toBe(life.balance(ONE));
      kept += netted.filter(({ kind }) => kind === 'kept').length;
    });
    expect(kept).toBeGreaterThan(100);
  });

  test('is owed and paid what that account is, and has its lines', () => {
    let lines = 0;
    lives((life) => {
      const single = life.entitlement(ONE);
      const person = sumOfEntitlements(PERSON.map((one) => life.entitlement(one)));
      expect(person).toEqual({
        balance: single.balance,
        assignedWei: single.snapshots.reduce((sum, { shareWei }) => sum + shareWei, 0n),
        totalClaimableWei: single.totalClaimableWei,
        claimedWei: single.claimedWei,
        redeemedWei: single.redeemedWei,
        expiredWei: 0n,
        accruingWei: single.accruingWei,
        redeemableWei: person.redeemableWei,
      });
      expect(single.redeemableWei - person.redeemableWei).toBeLessThan(2n * 3n);
      expect(single.redeemableWei).toBeGreaterThanOrEqual(person.redeemableWei);
      const standings = PERSON.map((one) => standingOf(life.entitlement(one)));
      expect(sumOfStandings(standings)).toEqual(standingOf(single));

      const accounts = PERSON.map((one) => ({ account: one, movements: life.revenue(one) }));
      const told = personRevenue(accounts, String).sort(byPlace);
      const expected = life.revenue(ONE).sort(byPlace);
      expect(told.map(({ account: _, ...line }) => line)).toEqual(expected);
      lines += told.length;
    });
    expect(lines).toBeGreaterThan(1_000);
  });

  test('gets the sum of the rounded shares, not the rounded share of the sum', () => {
    const snapshot = { claimableWei: 10n, claimedWei: 0n, supply: 7n };
    const state = { ...EMPTY_POOLS, supply: 7n, snapshots: [snapshot] };
    const owed = (balance: bigint) =>
      entitlementOf(RULES, state, {
        checkpoints: [{ interval: 0, balance }],
        claims: new Map(),
        redeemedWei: 0n,
      });
    const person = sumOfEntitlements([owed(1n), owed(1n), owed(2n)]);
    expect(person.totalClaimableWei).toBe(1n + 1n + 2n);
    expect(snapshotShareWei(snapshot, 4n)).toBe(5n);
  });

  test('paid in a launchpad what its accounts paid, each with its own rounding', () => {
    const terms = { target: 10n, tokensForSale: 100n };
    const state = { ...NEW_SALE, hasEnded: true, raised: 30n };
    const parts = [5n, 5n, 7n].map((deposited) => ({ ...NO_PARTICIPATION, deposited }));
    // Kept of each: 5 * 10 // 30 = 1, 1 and 2; allocated: 5 * 100 // 30 = 16, 16 and 23.
    expect(personCostBasis(terms, state, parts)).toEqual({ paid: 4n, got: 55n, isFinal: true });
    expect(sumOfParticipations(parts).deposited).toBe(17n);
  });
});
