import type { Direction } from '../operations/operation.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import {
  groupsBeyond,
  type HolderFigure,
  type HolderKey,
  type ListedHolder,
  type OrderedPart,
} from './holderRows.js';

/** The order of a list of holders; `DESC`: largest first. */
export interface HolderListOrder<Metric extends HolderFigure> {
  readonly metric: Metric;
  readonly direction: Direction;
}

/** Descending by value; holders of the same value ascending by account. */
export function compareHolders(left: HolderKey, right: HolderKey): number {
  return compareValues(right.value, left.value) || compareValues(left.account, right.account);
}

/**
 * Reads a page of a token's holders. Every account that ever had a balance is in the list. Those with a payment above 0
 * and the others are read apart: a page that passes from the ones to the others takes both reads.
 *
 * @param read reads a part: from the cache of newest states (`readHolderParts`), or as of a block (`HolderListAsOf`)
 */
export function readHolderPage<Metric extends HolderFigure>(
  read: (part: OrderedPart<Metric>) => Promise<readonly ListedHolder[]>,
  { metric, direction }: HolderListOrder<Metric>,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder>> {
  const isDescending = direction === 'DESC';
  return readKeysetPage(
    {
      keyOf: ({ value, account }) => ({ value, account }),
      compare: (left, right) => (isDescending ? 1 : -1) * compareHolders(left, right),
      async fetch(start: HolderKey | null, isBackward, limit) {
        const order = { metric, isDescending: isDescending !== isBackward };
        const rows: ListedHolder[] = [];
        for (const group of groupsBeyond(order, start)) {
          if (rows.length >= limit && limit > 0) break;
          rows.push(...(await read({ ...order, group, start, limit: limit - rows.length })));
        }
        return rows;
      },
    },
    request,
  );
}
