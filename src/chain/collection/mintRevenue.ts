import type { Address } from '../../address.js';
import type { Frame, TransactionRecord } from '../reading/tree/frames.js';
import type { MintPayment, RevenuePassedOn } from './operation.js';

/** A call that minted, in the collection where it did. */
export interface MintCall {
  readonly collection: Address;
  readonly frame: Frame;
  readonly payment: MintPayment;
}

export interface CollectionRevenue {
  readonly collection: Address;
  readonly revenue: RevenuePassedOn;
}

/**
 * The money of a transaction that reached revenue tokens, with the mint it belongs to:
 * the call that minted, if the payment lies inside it (through whatever contracts), else
 * the only one that the same contract made. Where a contract minted several times and paid
 * once, the payment is theirs together.
 */
export function revenueOfMints(
  record: TransactionRecord,
  mints: readonly MintCall[],
  revenueTokens: ReadonlySet<string>,
): CollectionRevenue[] {
  const found: CollectionRevenue[] = [];
  if (mints.length === 0) return found;
  for (const frame of record.frames) {
    const { to, from, valueWei } = frame;
    if (frame.reverted || valueWei === 0n || to === null || to === from) continue;
    if (!revenueTokens.has(to)) continue;
    const group = mintsAround(frame, mints);
    const [first] = group.mints;
    if (first === undefined) continue;
    found.push({
      collection: first.collection,
      revenue: {
        kind: 'revenue',
        payment: group.mints.length === 1 ? first.payment : null,
        isInside: group.isInside,
        mintCalls: group.mints.length,
        token: to,
        payer: from,
        amountWei: valueWei,
        transactionIndex: record.transactionIndex,
        transactionHash: record.transactionHash,
      },
    });
  }
  return found;
}

/** The mint that a frame lies in, or those below the nearest frame around it that has any. */
function mintsAround(frame: Frame, mints: readonly MintCall[]) {
  for (let around = frame.parent; around !== null; around = around.parent) {
    const itself = mints.find((mint) => mint.frame === around);
    if (itself !== undefined) return { mints: [itself], isInside: true };
    const below = mints.filter((mint) => isBelow(mint.frame, around));
    if (below.length > 0) return { mints: below, isInside: false };
  }
  return { mints: [], isInside: false };
}

function isBelow(frame: Frame, ancestor: Frame | null): boolean {
  for (let around = frame.parent; around !== null; around = around.parent) {
    if (around === ancestor) return true;
  }
  return false;
}
