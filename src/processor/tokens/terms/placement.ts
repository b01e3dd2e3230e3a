import type { RevenueTerms } from '../../../ledger/state.js';
import { shareSame } from '../../../ledger/terms.js';
import type { BookedOperation, TermsOperation } from '../book/tokenBook.js';

type Order = readonly BookedOperation[];

/**
 * Every place that a change of terms can have among the operations of its block, as far as an amount
 * depends on it.
 *
 * @param before the terms before the block
 */
export function termsPlacements(
  order: Order,
  change: TermsOperation | null,
  before: RevenueTerms,
): Order[] {
  if (change === null) return [order];
  if (shareSame(before, change.terms)) return [[...order, change]];
  const isWindow = before.window !== change.terms.window;
  const places = order.flatMap((operation, index) =>
    dependsOnTerms(operation, isWindow) ? [index + 1] : [],
  );
  return [0, ...places].map((place) => [...order.slice(0, place), change, ...order.slice(place)]);
}

/**
 * Whether a change stands where the only transaction that may have made it stands: after what earlier
 * transactions did, and before what later ones did.
 */
export function isByTransaction(order: Order, change: TermsOperation | null): boolean {
  const transactionIndex = change?.transactionIndex ?? null;
  if (change === null || transactionIndex === null) return false;
  const place = order.indexOf(change);
  return order.every((operation, index) => {
    if (operation === change || !dependsOnTerms(operation, true)) return true;
    const other = operation.transactionIndex ?? transactionIndex;
    return index < place ? other < transactionIndex : other > transactionIndex;
  });
}

/** Money that comes in counts the same by all terms. */
function dependsOnTerms({ kind }: BookedOperation, isWindow: boolean): boolean {
  return kind === 'snapshot' || kind === 'redemption' || (isWindow && kind === 'claim');
}
