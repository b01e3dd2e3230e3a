import { LedgerError } from '../errors.js';
import {
  allocationOf,
  type Participation,
  type ProRataTerms,
  refundOf,
  type SaleEntryKind,
  type SaleState,
  type SaleTerms,
} from './sale.js';

/** One movement of a sale, whatever its contract calls it. Unused amounts are 0. */
export interface SaleMovement {
  readonly kind: Exclude<SaleEntryKind, 'finalisation'>;
  /** Units of the raise asset: paid in, or paid back by a refund or sell. */
  readonly raiseAmount: bigint;
  /** Token units: bought, allocated, paid out, or given back by a sell. */
  readonly tokenAmount: bigint;
  /** A purchase that paid the tokens out at once. */
  readonly isDelivered: boolean;
}

/** No deposit comes any more: what everybody gets is certain from here on. */
export function endSale(state: SaleState): SaleState {
  return { ...state, hasEnded: true };
}

/** @throws LedgerError `LEDGER_SALE_PHASE` if it was already finalised. */
export function finaliseSale(terms: SaleTerms, state: SaleState): SaleState {
  // The event that stands for it in a described sale may come more than once.
  if (terms === null) return { ...state, isFinalised: true };
  if (state.isFinalised || !state.hasEnded) {
    throw new LedgerError(
      'LEDGER_SALE_PHASE',
      state.isFinalised ? 'it was already finalised' : 'it is finalised before its end',
      'The contract is not a sale of this kind. Correct its `kind` in the config.',
    );
  }
  return { ...state, isFinalised: true };
}

/** The sale and the participant after a movement. */
export interface SaleEffect {
  readonly state: SaleState;
  readonly participation: Participation;
}

/**
 * Books a movement of one participant.
 *
 * @throws LedgerError `LEDGER_SALE_PHASE`, `LEDGER_SALE_PAYMENT_DIFFERS` if a pro rata sale
 *   paid something else than docs/domain.md#sales says, or `LEDGER_SALE_LIMIT` if an invariant breaks.
 */
export function applyMovement(
  terms: SaleTerms,
  state: SaleState,
  of: Participation,
  movement: SaleMovement,
): SaleEffect {
  if (terms !== null) assertProRata(terms, state, of, movement);
  const effect = moved(state, of, movement);
  assertLimits(terms, effect, movement.kind);
  return effect;
}

function moved(
  state: SaleState,
  of: Participation,
  { kind, raiseAmount, tokenAmount, isDelivered }: SaleMovement,
): SaleEffect {
  switch (kind) {
    case 'deposit':
    case 'purchase': {
      const delivered = isDelivered ? tokenAmount : 0n;
      return {
        state: {
          ...state,
          raised: state.raised + raiseAmount,
          allocated: state.allocated + tokenAmount,
          claimed: state.claimed + delivered,
          lastTrade: kind === 'purchase' ? { raiseAmount, tokenAmount } : state.lastTrade,
        },
        participation: {
          ...of,
          deposited: of.deposited + raiseAmount,
          allocated: of.allocated + tokenAmount,
          claimed: of.claimed + delivered,
          cost: of.cost + raiseAmount,
        },
      };
    }
    case 'allocation':
      return {
        state: { ...state, allocated: state.allocated + tokenAmount },
        participation: { ...of, allocated: of.allocated + tokenAmount },
      };
    case 'token-claim':
      return {
        state: { ...state, claimed: state.claimed + tokenAmount },
        participation: { ...of, claimed: of.claimed + tokenAmount },
      };
    case 'refund':
      return {
        state: { ...state, refunded: state.refunded + raiseAmount },
        participation: {
          ...of,
          refunded: of.refunded + raiseAmount,
          cost: of.cost - raiseAmount,
        },
      };
    case 'sell': {
      const held = of.allocated - of.sold;
      // Average cost, rounded down: selling everything leaves no cost behind.
      const costOfSold = held === 0n ? 0n : (of.cost * tokenAmount) / held;
      return {
        state: {
          ...state,
          sold: state.sold + tokenAmount,
          proceeds: state.proceeds + raiseAmount,
          lastTrade: { raiseAmount, tokenAmount },
        },
        participation: {
          ...of,
          sold: of.sold + tokenAmount,
          proceeds: of.proceeds + raiseAmount,
          cost: of.cost - costOfSold,
        },
      };
    }
  }
}

/** A pro rata sale knows deposits before its end, and one claim and one refund after it. */
function assertProRata(
  terms: ProRataTerms,
  state: SaleState,
  of: Participation,
  { kind, raiseAmount, tokenAmount }: SaleMovement,
): void {
  switch (kind) {
    case 'deposit':
      if (state.hasEnded) throw wrongPhase(kind, 'after the end of the sale');
      return;
    case 'token-claim':
      if (of.claimed > 0n) throw wrongPhase(kind, 'for the second time');
      assertPaid(kind, tokenAmount, allocationOf(terms, state, of));
      return;
    case 'refund':
      if (of.refunded > 0n) throw wrongPhase(kind, 'for the second time');
      assertPaid(kind, raiseAmount, refundOf(terms, state, of));
      return;
    default:
      throw wrongPhase(kind, 'in a pro rata sale');
  }
}

function assertPaid(kind: SaleEntryKind, paid: bigint, due: bigint): void {
  if (paid === due) return;
  throw new LedgerError(
    'LEDGER_SALE_PAYMENT_DIFFERS',
    `a ${kind} paid ${paid}, but ${due} was due`,
    'The contract does not share pro rata (docs/domain.md#sales). Describe it as `kind: custom`.',
  );
}

/** Σ allocations ≤ tokens for sale, refunds ≤ deposits: for the sale and for each account. */
function assertLimits(terms: SaleTerms, { state, participation }: SaleEffect, kind: string): void {
  assertAtMost(kind, 'refunded', state.refunded, 'raised', state.raised);
  assertAtMost(kind, 'refunded', participation.refunded, 'deposited', participation.deposited);
  const unsoldCost = participation.cost + participation.refunded;
  assertAtMost(kind, 'refunded', participation.refunded, 'paid for what is left', unsoldCost);
  if (terms !== null) {
    assertAtMost(kind, 'claimed', state.claimed, 'tokens for sale', terms.tokensForSale);
    return;
  }
  const due = participation.allocated - participation.sold;
  assertAtMost(kind, 'sold', participation.sold, 'bought', participation.allocated);
  assertAtMost(kind, 'claimed', participation.claimed, 'bought and not sold', due);
}

function assertAtMost(kind: string, what: string, value: bigint, limitName: string, limit: bigint) {
  if (value <= limit) return;
  throw new LedgerError(
    'LEDGER_SALE_LIMIT',
    `a ${kind} would bring ${what} to ${value}, but ${limitName} is ${limit}`,
    'An earlier entry was missed, or the `mapping` of this sale in the config is wrong.',
  );
}

function wrongPhase(kind: SaleEntryKind, when: string): LedgerError {
  return new LedgerError(
    'LEDGER_SALE_PHASE',
    `a ${kind} came ${when}`,
    'The contract is not a sale of this kind. Correct its `kind` in the config.',
  );
}
