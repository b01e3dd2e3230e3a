import type { Address } from '../../../address.js';
import type { RevenueBooks } from '../../../books/requestBooks.js';
import { CLAIMS } from '../../../store/read/operations/claims.js';
import type {
  OperationColumns,
  OperationKind,
  OperationRecord,
} from '../../../store/read/operations/operation.js';
import { readOperationPage } from '../../../store/read/operations/operationPage.js';
import type { OperationWindow } from '../../../store/read/operations/operationWindows.js';
import { RECEIPTS } from '../../../store/read/operations/receipts.js';
import { REDEMPTIONS } from '../../../store/read/operations/redemptions.js';
import { SNAPSHOTS } from '../../../store/read/operations/snapshotOperations.js';
import { TRANSFERS } from '../../../store/read/operations/transfers.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/** A row, and what filters look at. */
export interface LiveEntry {
  readonly row: OperationRecord;
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
  readonly row: OperationRecord;
  readonly accounts: readonly (Address | null)[];
}

function feed<Columns extends OperationColumns, Row extends OperationRecord>(
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
