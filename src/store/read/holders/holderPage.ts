import type { Address } from '../../../address.js';
import type { Direction } from '../operations/operation.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import {
  type CachedMetric,
  groupsBeyond,
  type HolderKey,
  type HolderPart,
  type HolderRows,
  type ListedHolder,
} from './holderRows.js';
import type { HolderScope } from './holderScope.js';

/** What a holder of one token has and was paid. */
export interface HolderStanding {
  readonly account: Address;
  /** Token units. */
  readonly balance: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/** The list of holders; `DESC`: largest first. */
export interface HolderQuery extends HolderScope {
  readonly metric: CachedMetric;
  readonly direction: Direction;
}

/** Descending by value; holders of the same value ascending by account. */
export function compareHolders(left: HolderKey, right: HolderKey): number {
  return compareValues(right.value, left.value) || compareValues(left.account, right.account);
}

/**
 * Reads a page of a token's holders from the cache of newest states, so only as of the newest
 * indexed block. Every account that ever had a balance is in the list. One statement reads the page
 * and proves that the cache is that of `asOf`. A list by payments needs a second one where it
 * passes from paid holders to unpaid ones.
 *
 * @param read runs a statement (`readHolderParts`), or shares one with other reads
 * @throws StaleMomentError if a commit came in between
 */
export function readHolderPage(
  read: (part: HolderPart) => Promise<HolderRows>,
  { direction, ...query }: HolderQuery,
  request: PageRequest<HolderKey>,
): Promise<Page<ListedHolder>> {
  const isDescending = direction === 'DESC';
  return readKeysetPage(
    {
      keyOf: ({ value, account }) => ({ value, account }),
      compare: (left, right) => (isDescending ? 1 : -1) * compareHolders(left, right),
      async fetch(start: HolderKey | null, isBackward, limit) {
        const order = { ...query, isDescending: isDescending !== isBackward };
        const rows: ListedHolder[] = [];
        for (const group of groupsBeyond(order, start)) {
          if (rows.length >= limit && limit > 0) break;
          const part = { ...order, group, start, limit: limit - rows.length };
          rows.push(...(await read(part)).rowsAt(query.asOf));
        }
        return rows;
      },
    },
    request,
  );
}
