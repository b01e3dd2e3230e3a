import {
  allocationOf,
  hasSucceeded,
  type Participation,
  refundOf,
} from '../../ledger/sales/sale.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import type { SaleVersion } from '../../store/read/sales/saleVersions.js';

/** A view of a sale, and what the books say in its place. */
export interface SaleView {
  /** Without arguments, as a Solidity signature. */
  readonly signature: string;
  ours(sale: SaleRecord, version: SaleVersion): bigint;
}

/** A view of what one account did, with its address as the only argument. */
export interface ParticipantView {
  readonly signature: string;
  ours(of: Participation, sale: SaleRecord, version: SaleVersion): bigint;
}

/** What the contracts of one kind of sale can be asked. */
export interface SaleViews {
  readonly sale: readonly SaleView[];
  readonly participant: readonly ParticipantView[];
}

const STATES = { open: 0n, successful: 1n, failed: 2n, finalised: 3n };

function launchpadState({ terms }: SaleRecord, { state }: SaleVersion): bigint {
  if (state.isFinalised) return STATES.finalised;
  const outcome = hasSucceeded(terms, state);
  if (outcome === null) return STATES.open;
  return outcome ? STATES.successful : STATES.failed;
}

/** By kind of sale. A sale described by a mapping has the views that its author gave it. */
export const SALE_VIEWS: Readonly<Record<string, SaleViews>> = {
  launchpad: {
    sale: [
      { signature: 'totalRaised()', ours: (_, { state }) => state.raised },
      { signature: 'participants()', ours: (_, { participants }) => BigInt(participants) },
      { signature: 'state()', ours: launchpadState },
      { signature: 'target()', ours: ({ terms }) => terms?.target ?? -1n },
      { signature: 'tokensForSale()', ours: ({ terms }) => terms?.tokensForSale ?? -1n },
    ],
    participant: [
      { signature: 'depositOf(address)', ours: (of) => of.deposited },
      {
        signature: 'allocationOf(address)',
        ours: (of, { terms }, { state }) => allocationOf(terms, state, of),
      },
      {
        signature: 'refundOf(address)',
        ours: (of, { terms }, { state }) => refundOf(terms, state, of),
      },
      { signature: 'claimedOf(address)', ours: (of) => of.claimed },
      { signature: 'refundedOf(address)', ours: (of) => of.refunded },
    ],
  },
  'fixed-price': {
    sale: [
      { signature: 'weiRaised()', ours: (_, { state }) => state.raised },
      { signature: 'finalized()', ours: (_, { state }) => BigInt(state.isFinalised) },
    ],
    participant: [
      { signature: 'paidFor(address)', ours: (of) => of.deposited },
      { signature: 'boughtBy(address)', ours: (of) => of.allocated },
      { signature: 'boughtBy(address)', ours: (of) => of.claimed },
    ],
  },
  lbp: {
    sale: [
      { signature: 'totalPurchased()', ours: (_, { state }) => state.allocated - state.sold },
      { signature: 'closed()', ours: (_, { state }) => BigInt(state.isFinalised) },
    ],
    participant: [
      {
        signature: 'purchasedShares(address)',
        ours: (of) => of.allocated - of.sold - of.claimed,
      },
      { signature: 'redeemedShares(address)', ours: (of) => of.claimed },
    ],
  },
};
