import {
  decodePriceFeed,
  PRICE_FEED_COLUMNS,
  type PriceFeed,
  type PriceFeedRow,
} from '../../registry/priceFeeds.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A round of a feed, as received. Its `tokenNumber` is our number of the feed. */
export interface PriceRoundRecord extends OperationRecord {
  readonly logIndex: number | null;
  readonly roundId: bigint;
  readonly answer: bigint;
  /** Unix seconds. */
  readonly updatedAt: bigint;
}

/** The last second that a `Date` can be, in unix seconds. */
export const LAST_SECOND = 8_640_000_000_000n;

/** Decimals of the feed of a round `o`. */
export const FEED_DECIMALS = '(SELECT f.decimals FROM price_feed f WHERE f.number = o.feed_number)';

interface Columns extends OperationColumns {
  readonly log_index: number | null;
  readonly round_id: string;
  readonly answer: string;
  readonly updated_at: string;
}

export const PRICE_ROUNDS: OperationKind<Columns, PriceRoundRecord, object> = {
  table: 'price_round',
  columns: ['o.log_index', 'o.round_id', 'o.answer', 'o.updated_at'],
  amountColumn: 'answer',
  amountIndex: 'kept',
  // Lists of operations go by the number of the contract that they belong to.
  source: () => ({
    ...byId('price_round', []),
    from: '(SELECT r.*, r.feed_number AS token_number FROM price_round r) o',
  }),
  decode: (columns) => ({
    ...decodeOperation(columns),
    logIndex: columns.log_index,
    roundId: BigInt(columns.round_id),
    answer: BigInt(columns.answer),
    updatedAt: BigInt(columns.updated_at),
  }),
  amountOf: ({ answer }) => answer,
};

/** The feeds of all chains, in the order of their numbers. */
export async function readPriceFeeds(db: Queryable): Promise<PriceFeed[]> {
  const rows = await readRows<PriceFeedRow>(
    db,
    'price_feeds',
    `SELECT ${PRICE_FEED_COLUMNS} FROM price_feed ORDER BY number`,
    [],
  );
  return rows.map(decodePriceFeed);
}
