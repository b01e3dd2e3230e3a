import type { AsOf } from '../../store/read/chains/asOf.js';
import type { OperationSelectionArgs } from '../lists/engine/operationSet.js';
import { conjuncts, type Neighbours, rangeOf } from '../lists/engine/whereScope.js';
import type { SeriesRange } from './timeSeries.js';

const SECOND_MS = 1000;

/** Blocks have the times of whole seconds. */
const BLOCK_TIMES: Neighbours<Date> = {
  above: (time) => new Date((Math.floor(time.getTime() / SECOND_MS) + 1) * SECOND_MS),
  below: (time) => new Date((Math.ceil(time.getTime() / SECOND_MS) - 1) * SECOND_MS),
};

/**
 * The time that a series goes over on a chain, where the arguments say it: all that they ask
 * about, but nothing after the moment of the answer, of which nobody can know that it is zero.
 */
export function seriesRanges<Filter>(
  { filter, where, at }: OperationSelectionArgs<Filter>,
  chains: ReadonlyMap<number, AsOf>,
): (chainId: number) => SeriesRange {
  const parts = conjuncts(where);
  const time = rangeOf(parts, 'timestamp', filter?.timestamp, BLOCK_TIMES);
  const lastBlock = rangeOf(parts, 'block', filter?.block).lte ?? null;
  return (chainId) => {
    const moment = chains.get(chainId);
    const isCut = lastBlock !== null && moment !== undefined && lastBlock < moment.block;
    const now = isCut ? null : (at?.timestamp ?? moment?.timestamp ?? null);
    const last = time.lte ?? null;
    return {
      first: time.gte ?? null,
      last: last === null || (now !== null && now < last) ? now : last,
    };
  };
}
