import type { RevenueTerms } from './state.js';

/**
 * The earliest moment at which the `count`-th snapshot from now can be taken: each needs strictly
 * more than the interval since the one before (docs/domain.md#reference, #windowed), and none can be taken before
 * the next block.
 *
 * @returns `null` where the interval is not known
 * @param next earliest moment of the next snapshot, in the unit of the interval
 * @param nextBlock the next block's number, or a second that it is not before
 * @throws RangeError if `count` is not positive
 */
export function earliestOfSnapshot(
  { interval }: RevenueTerms,
  count: number,
  next: bigint,
  nextBlock: bigint,
): bigint | null {
  if (count < 1) throw new RangeError(`snapshot ${count} from now is not in the future`);
  if (count === 1) return next;
  if (interval === null) return null;
  const first = next > nextBlock ? next : nextBlock;
  return first + BigInt(count - 1) * (interval + 1n);
}
