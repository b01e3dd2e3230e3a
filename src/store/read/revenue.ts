import type { Address } from '../../address.js';
import { lastOperationId, operationId } from '../ids.js';
import { optionalAddress } from './decode.js';
import type { TokenAsOf } from './poolVersions.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';

/** Calendar steps, in UTC; weeks begin on Monday. `null`: all time together. */
export type RevenueInterval = 'day' | 'week' | 'month' | null;

/** How fine the sources are told apart. */
export type RevenueGrouping = 'source' | 'collectionPart' | 'sourceAddress' | 'model' | 'payer';

/** What a source brought in one step of time. */
export interface RevenueRow {
  /** Begin of the step; `null` for all time. */
  readonly from: Date | null;
  /** `oracle`, `collection`, `sale`, `known`, `unknown` or `untraced`. */
  readonly source: string;
  /** The contract or labelled address, where the grouping asks for it. */
  readonly sourceAddress: Address | null;
  /** The model, where the grouping asks for it and the chain tells. */
  readonly modelId: bigint | null;
  /** `mint` or `royalty`, where the grouping asks for it and the chain tells. */
  readonly collectionPart: string | null;
  /** The last sender, where the grouping asks for it. */
  readonly payer: Address | null;
  readonly amountWei: bigint;
  readonly receipts: number;
}

/** Revenue of a token up to a block, by source and step of time, oldest first. */
export async function readRevenue(
  db: Queryable,
  { tokenNumber, block }: TokenAsOf,
  grouping: RevenueGrouping,
  interval: RevenueInterval,
): Promise<RevenueRow[]> {
  const rows = await readRows<{
    readonly from: Date | null;
    readonly source: string;
    readonly source_address: Buffer | null;
    readonly model_id: string | null;
    readonly payer: Buffer | null;
    readonly collection_part: string | null;
    readonly amount_wei: string;
    readonly receipts: string;
  }>(
    db,
    'revenue',
    `SELECT date_trunc($3, "timestamp", 'UTC') AS "from", source,
       CASE WHEN $4 IN ('sourceAddress', 'model') THEN source_address END AS source_address,
       CASE WHEN $4 = 'model' THEN model_id END AS model_id,
       CASE WHEN $4 = 'payer' THEN payer END AS payer,
       CASE WHEN $4 = 'collectionPart' THEN collection_part END AS collection_part,
       sum(amount_wei) AS amount_wei, count(*) AS receipts
     FROM receipt WHERE id >= $1 AND id <= $2
     GROUP BY 1, 2, 3, 4, 5, 6
     ORDER BY 1 NULLS FIRST, sum(amount_wei) DESC, 2, 3, 4, 5, 6`,
    [operationId(tokenNumber, 0, 0), lastOperationId(tokenNumber, block), interval, grouping],
  );
  return rows.map((row) => ({
    from: row.from,
    source: row.source,
    sourceAddress: optionalAddress(row.source_address),
    modelId: row.model_id === null ? null : BigInt(row.model_id),
    payer: optionalAddress(row.payer),
    collectionPart: row.collection_part,
    amountWei: BigInt(row.amount_wei),
    receipts: Number(row.receipts),
  }));
}
