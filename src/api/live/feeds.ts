import type { Address } from '../../address.js';
import type { RevenueBooks } from '../../books/requestBooks.js';
import { CLAIMS } from '../../store/read/claims.js';
import type { Operation, OperationColumns, OperationKind } from '../../store/read/operation.js';
import { readOperationPage } from '../../store/read/operationPage.js';
import type { OperationWindow } from '../../store/read/operationWindows.js';
import type { Queryable } from '../../store/read/queryable.js';
import { RECEIPTS } from '../../store/read/receipts.js';
import { REDEMPTIONS } from '../../store/read/redemptions.js';
import { SNAPSHOTS } from '../../store/read/snapshotOperations.js';
import { TRANSFERS } from '../../store/read/transfers.js';

/** A row, and what filters look at. */
export interface LiveEntry {
  readonly row: Operation;
  readonly book: RevenueBooks;
  /** Whom it concerns: payer, holder, or sender and recipient. */
  readonly accounts: readonly (Address | null)[];
}

/** A list that can be followed. */
export interface Feed {
  /** The first rows of the windows, in the order of the chain. */
  read(
    db: Queryable,
    windows: readonly OperationWindow[],
    limit: number,
  ): Promise<{ readonly rows: readonly FeedRow[]; readonly hasNextPage: boolean }>;
}

interface FeedRow {
  readonly row: Operation;
  readonly accounts: readonly (Address | null)[];
}

function feed<Columns extends OperationColumns, Row extends Operation>(
  kind: OperationKind<Columns, Row, object>,
  accountsOf: (row: Row) => readonly (Address | null)[],
): Feed {
  return {
    async read(db, windows, limit) {
      const query = { windows, filter: {}, direction: 'ASC' } as const;
      const page = { limit, isBackward: false, after: null, before: null };
      const { rows, hasNextPage } = await readOperationPage(db, kind, query, page);
      return { rows: rows.map((row) => ({ row, accounts: accountsOf(row) })), hasNextPage };
    },
  };
}

/** Every list that can be followed, by the name of its subscription. */
export const FEEDS = {
  receipts: feed(RECEIPTS, ({ payer }) => [payer]),
  claims: feed(CLAIMS, ({ holder }) => [holder]),
  redemptions: feed(REDEMPTIONS, ({ holder }) => [holder]),
  transfers: feed(TRANSFERS, ({ from, to }) => [from, to]),
  snapshots: feed(SNAPSHOTS, () => []),
} as const;

export type FeedName = keyof typeof FEEDS;
