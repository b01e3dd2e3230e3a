import { type Address, addressBytes } from '../../address.js';
import type { SaleEntryKind } from '../../ledger/sale.js';
import { lastOperationId, operationId } from '../ids.js';
import { type Hex, hexOf, optionalAddress } from './decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Queryable } from './queryable.js';
import type { SaleAsOf } from './saleVersions.js';
import { readRows } from './statement.js';

/** A canonical entry of a sale. */
export interface SaleEntryRecord {
  /** Row id; sorts by sale, then in the order of the chain. */
  readonly id: string;
  readonly saleNumber: number;
  readonly block: number;
  readonly timestamp: Date;
  readonly transactionHash: Hex;
  readonly transactionIndex: number;
  readonly position: number;
  readonly kind: SaleEntryKind;
  readonly participant: Address | null;
  readonly caller: Address | null;
  readonly raiseAmount: bigint;
  readonly tokenAmount: bigint;
}

/** Which entries: of some sales, each as of a block. */
export interface SaleEntryQuery {
  readonly sales: readonly SaleAsOf[];
  readonly participant: Address | null;
  readonly kind: SaleEntryKind | null;
  readonly direction: 'ASC' | 'DESC';
}

interface Row {
  readonly id: string;
  readonly sale_number: number;
  readonly block_number: number;
  readonly timestamp: Date;
  readonly transaction_hash: Buffer;
  readonly transaction_index: number;
  readonly position: number;
  readonly kind: SaleEntryKind;
  readonly participant: Buffer | null;
  readonly caller: Buffer | null;
  readonly raise_amount: string;
  readonly token_amount: string;
}

const PASSES = `e.id >= s.low AND e.id <= s.high
  AND ($3::bytea IS NULL OR (e.sale_number = s.number AND e.participant = $3))
  AND ($4::text IS NULL OR e.kind = $4)`;

/** A page of entries by sale and in the order of the chain, or the other way round. */
export function readSaleEntryPage(
  db: Queryable,
  query: SaleEntryQuery,
  request: PageRequest<string>,
): Promise<Page<SaleEntryRecord>> {
  const sign = query.direction === 'ASC' ? 1 : -1;
  return readKeysetPage<SaleEntryRecord, string>(
    {
      keyOf: ({ id }) => id,
      compare: (left, right) => sign * compareValues(left, right),
      async fetch(start, isBackward, limit) {
        const isAscending = (query.direction === 'ASC') !== isBackward;
        const [beyond, order] = isAscending ? ['>', 'ASC'] : ['<', 'DESC'];
        const rows = await readRows<Row>(
          db,
          `sale_entry_page_${order}`,
          `SELECT e.* FROM unnest($1::integer[], $2::text[], $5::text[]) AS s (number, high, low)
           CROSS JOIN LATERAL (
             SELECT e.id, e.sale_number, e.block_number, e."timestamp", e.transaction_hash,
               e.transaction_index, e.position, e.kind, e.participant, e.caller,
               e.raise_amount, e.token_amount
             FROM sale_entry e WHERE ${PASSES} AND ($6::text IS NULL OR e.id ${beyond} $6)
             ORDER BY e.id ${order} LIMIT $7
           ) AS e
           ORDER BY e.id ${order} LIMIT $7`,
          [...valuesOf(query), start, limit],
        );
        return rows.map(decode);
      },
    },
    request,
  );
}

/** How many entries there are in the whole list. */
export async function countSaleEntries(db: Queryable, query: SaleEntryQuery): Promise<number> {
  const rows = await readRows<{ readonly count: string }>(
    db,
    'sale_entry_count',
    `SELECT count(*) FROM unnest($1::integer[], $2::text[], $5::text[]) AS s (number, high, low)
     CROSS JOIN LATERAL (SELECT FROM sale_entry e WHERE ${PASSES}) AS e`,
    valuesOf(query),
  );
  return Number(rows[0]?.count ?? 0);
}

function valuesOf({ sales, participant, kind }: SaleEntryQuery): unknown[] {
  return [
    sales.map(({ saleNumber }) => saleNumber),
    sales.map(({ saleNumber, block }) => lastOperationId(saleNumber, block)),
    participant === null ? null : addressBytes(participant),
    kind,
    sales.map(({ saleNumber }) => operationId(saleNumber, 0, 0)),
  ];
}

function decode(row: Row): SaleEntryRecord {
  return {
    id: row.id,
    saleNumber: row.sale_number,
    block: row.block_number,
    timestamp: row.timestamp,
    transactionHash: hexOf(row.transaction_hash),
    transactionIndex: row.transaction_index,
    position: row.position,
    kind: row.kind,
    participant: optionalAddress(row.participant),
    caller: optionalAddress(row.caller),
    raiseAmount: BigInt(row.raise_amount),
    tokenAmount: BigInt(row.token_amount),
  };
}
