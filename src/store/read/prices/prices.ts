import { quotedColumns } from '../../../model/table.js';
import {
  decodePriceFeed,
  PRICE_FEED,
  type PriceFeedColumns,
} from '../../../model/tables/priceFeed.js';
import {
  decodePriceRound,
  PRICE_ROUND,
  type PriceRoundColumns,
  type PriceRoundRow,
} from '../../../model/tables/priceRound.js';
import type { PriceFeed } from '../../registry/priceFeeds.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { rowColumns } from '../query/tableRow.js';

/** A round of a feed, as received. Its `tokenNumber` is our number of the feed. */
export interface PriceRoundRecord extends OperationRecord, PriceRoundRow {}

/** The last second that a `Date` can hold, in unix seconds. */
export const LAST_SECOND = 8_640_000_000_000n;

/** Decimals of the feed of a round `o`. */
export const FEED_DECIMALS = '(SELECT f.decimals FROM price_feed f WHERE f.number = o.feed_number)';

interface Columns extends OperationColumns, PriceRoundColumns {}

export const PRICE_ROUNDS: OperationKind<Columns, PriceRoundRecord, object> = {
  table: PRICE_ROUND.name,
  columns: rowColumns(PRICE_ROUND),
  amountColumn: 'answer',
  amountIndex: 'kept',
  // Lists of operations use the number of the contract that they belong to.
  source: () => ({
    ...byId(PRICE_ROUND.name, []),
    from: '(SELECT r.*, r.feed_number AS token_number FROM price_round r) o',
  }),
  decode: (columns) => decodeOperation(columns, decodePriceRound(columns)),
  amountOf: ({ answer }) => answer,
};

/** The feeds of all chains, in the order of their numbers. */
export async function readPriceFeeds(db: Queryable): Promise<PriceFeed[]> {
  const rows = await readRows<PriceFeedColumns>(
    db,
    'price_feeds',
    `SELECT ${quotedColumns(PRICE_FEED).join(', ')} FROM price_feed WHERE chain_id > 0 ORDER BY number`,
    [],
  );
  return rows.map(decodePriceFeed);
}
