import { ZERO_ADDRESS } from '../../../address.js';
import type { Redemption, SnapshotTaken } from '../../../chain/reading/operation.js';
import type { UntracedReceipt } from '../../../chain/reading/untraced/untracedReceipt.js';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  quoteOf,
  type TokenRules,
} from '../../../ledger/apply.js';
import { snapshotShareWei } from '../../../ledger/entitlement.js';
import { LedgerError } from '../../../ledger/errors.js';
import type { PoolState } from '../../../ledger/state.js';
import type { BookedOperation } from '../book/tokenBook.js';

/** What the contract assigned by a snapshot: the share of a balance, or (`null`) the whole. */
export interface SnapshotEvidence {
  readonly balance: bigint | null;
  readonly amountWei: bigint;
}

/** Money that came somewhere in a block, and what bounds where. */
export interface OpenMoney {
  readonly receipt: UntracedReceipt;
  /** By snapshot that the block takes. */
  readonly evidence: ReadonlyMap<bigint, readonly SnapshotEvidence[]>;
}

/** How many ways to spread the money are tried. */
const MOST_PLACEMENTS = 4_000;

type Decider = SnapshotTaken | Redemption;

/** Whether what an operation does depends on the money that came before it. */
export function isDeciding(operation: BookedOperation): operation is Decider {
  return operation.kind === 'snapshot' || operation.kind === 'redemption';
}

/**
 * Every way to spread money over the places before, between and after the snapshots and burns of a
 * block by which each of them did what the contract did. It may have come in parts: a tip is paid
 * transaction by transaction. Ways that differ only in parts that no figure depends on are one.
 *
 * What a snapshot assigns, and what a burn pays, never falls when more money came before it. So the
 * amounts that fit one of them are a range, whose ends are found by halving.
 *
 * @returns `null` if there are too many
 */
export function placements(
  rules: TokenRules,
  state: PoolState,
  operations: readonly BookedOperation[],
  money: OpenMoney,
): (readonly BookedOperation[])[] | null {
  const walk = new Walk(rules, operations, money);
  const begin = { pools: state, restWei: money.receipt.amountWei, placed: [] };
  return walk.from(0, begin) ? walk.found : null;
}

/** How far a way is: what the pools are, and what of the money is not placed yet. */
interface Step {
  readonly pools: PoolState;
  readonly restWei: bigint;
  readonly placed: readonly BookedOperation[];
}

class Walk {
  readonly found: (readonly BookedOperation[])[] = [];
  private tries = 0;

  constructor(
    private readonly rules: TokenRules,
    private readonly operations: readonly BookedOperation[],
    private readonly money: OpenMoney,
  ) {}

  /** Walks on from an operation; false: there are too many ways. */
  from(first: number, { pools, restWei, placed: before }: Step): boolean {
    const { rules, operations, money } = this;
    let current = pools;
    const placed = [...before];
    for (let index = first; index < operations.length; index++) {
      const operation = operations[index];
      if (operation === undefined) continue;
      if (isDeciding(operation)) {
        return this.decide(index, operation, { pools: current, restWei, placed });
      }
      const next = orNull(() => applied(rules, current, operation));
      if (next === null) return true;
      current = next;
      placed.push(operation);
    }
    this.found.push(restWei === 0n ? placed : [...placed, pieceOf(money, restWei, 'end')]);
    return true;
  }

  /** Walks on with each amount that may have come right before an operation. */
  private decide(index: number, operation: Decider, { pools, restWei, placed }: Step): boolean {
    const { rules, money } = this;
    const amounts = fittingAmounts(rules, pools, operation, restWei, money);
    if (amounts === null) return false;
    for (const amountWei of amounts) {
      if (++this.tries > MOST_PLACEMENTS) return false;
      const next = orNull(() => applied(rules, applyReceipt(pools, amountWei), operation));
      if (next === null) continue;
      const part = amountWei === 0n ? [] : [pieceOf(money, amountWei, 'between')];
      const step = { pools: next, restWei: restWei - amountWei };
      if (!this.from(index + 1, { ...step, placed: [...placed, ...part, operation] })) return false;
    }
    return true;
  }
}

function pieceOf(
  { receipt }: OpenMoney,
  amountWei: bigint,
  when: 'between' | 'end',
): UntracedReceipt {
  return { ...receipt, amountWei, when };
}

/** The amounts that may have come right before an operation, the likeliest first. */
function fittingAmounts(
  rules: TokenRules,
  pools: PoolState,
  operation: Decider,
  restWei: bigint,
  { evidence }: OpenMoney,
): readonly bigint[] | null {
  const withMore = (amountWei: bigint) => ({ ...pools, balanceWei: pools.balanceWei + amountWei });
  let range: Range | null = { low: 0n, high: restWei };
  if (operation.kind === 'redemption') {
    if (pools.supply > 0n) {
      const paidBy = (amountWei: bigint) => redemptionWei(rules, withMore(amountWei), operation);
      range = rangeOf(paidBy, operation.paidWei, range);
    }
    if (range === null) return [];
    // What it paid is the same for all of them, and so is all that follows from it.
    const { low, high } = range;
    return low > 0n && high >= restWei ? [restWei, low] : [low];
  }
  for (const { balance, amountWei: saidWei } of evidence.get(operation.snapshotId) ?? []) {
    if (range === null) return [];
    const assignedBy = (amountWei: bigint) => {
      const { freshWei, rolledOverWei } = rules.policy.assignment(rules.terms, withMore(amountWei));
      const claimableWei = freshWei + rolledOverWei;
      if (balance === null) return claimableWei;
      return snapshotShareWei({ claimableWei, claimedWei: 0n, supply: pools.supply }, balance);
    };
    range = rangeOf(assignedBy, saidWei, range);
  }
  if (range === null) return [];
  const { low, high } = range;
  if (high - low >= BigInt(MOST_PLACEMENTS)) return null;
  const amounts = Array.from({ length: Number(high - low) + 1 }, (_, index) => low + BigInt(index));
  // In one piece, before or after it, is likelier than in two.
  return high === restWei && low > 0n ? [restWei, ...amounts.slice(0, -1)] : amounts;
}

interface Range {
  readonly low: bigint;
  readonly high: bigint;
}

/** The arguments within a range for which a function that never falls has a value. */
function rangeOf(
  amountBy: (argument: bigint) => bigint,
  value: bigint,
  { low, high }: Range,
): Range | null {
  const first = firstWhere((argument) => amountBy(argument) >= value, low, high);
  if (first === null || amountBy(first) !== value) return null;
  const after = firstWhere((argument) => amountBy(argument) > value, first, high);
  return { low: first, high: after === null ? high : after - 1n };
}

/** The first argument of a range from which on a condition is true. */
function firstWhere(
  isTrue: (argument: bigint) => boolean,
  from: bigint,
  to: bigint,
): bigint | null {
  if (!isTrue(to)) return null;
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) / 2n;
    if (isTrue(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}

function redemptionWei(rules: TokenRules, pools: PoolState, { burned }: Redemption): bigint {
  const { policy, terms } = rules;
  const quote = orNull(() => quoteOf(policy.redemptionRates(terms, pools), burned));
  return quote === null ? -1n : quote.fromNewWei + quote.fromPoolWei;
}

/** What an operation does to the pools in ETH. */
function applied(rules: TokenRules, pools: PoolState, operation: BookedOperation): PoolState {
  switch (operation.kind) {
    case 'transfer': {
      const { from, to, amount } = operation;
      const minted = from === ZERO_ADDRESS ? applySupplyChange(pools, amount) : pools;
      return to === ZERO_ADDRESS ? applySupplyChange(minted, -amount) : minted;
    }
    case 'receipt':
    case 'untraced':
      return operation.asset === null ? applyReceipt(pools, operation.amountWei) : pools;
    case 'snapshot':
      return applySnapshot(rules, pools, operation.snapshotId).state;
    case 'claim': {
      const { snapshotId, amountWei } = operation;
      return amountWei === 0n ? pools : applyClaim(rules, pools, Number(snapshotId), amountWei);
    }
    case 'redemption': {
      const { burned, paidWei } = operation;
      return applyRedemption(rules, pools, burned, paidWei).state;
    }
    default:
      return pools;
  }
}

/** `null` where the contract cannot have done it. */
function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof LedgerError) return null;
    throw error;
  }
}
