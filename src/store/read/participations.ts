import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { Participation } from '../../ledger/sale.js';
import { lastOperationId } from '../ids.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Queryable } from './queryable.js';
import type { SaleAsOf } from './saleVersions.js';
import { readRows } from './statement.js';

/** What an account did in a sale by the end of a block. */
export interface ParticipationRecord {
  readonly saleNumber: number;
  readonly participant: Address;
  readonly participation: Participation;
}

/** Where a participation stands in a list: by sale, then by address. */
export interface ParticipationKey {
  readonly saleNumber: number;
  readonly participant: Address;
}

interface Row {
  readonly sale_number: number;
  readonly participant: Buffer;
  readonly deposited: string;
  readonly allocated: string;
  readonly claimed: string;
  readonly refunded: string;
  readonly sold: string;
  readonly proceeds: string;
  readonly cost: string;
}

const TOTALS = 'deposited, allocated, claimed, refunded, sold, proceeds, cost';

/** The newest state of the given accounts in one sale; those without an entry are left out. */
export async function readParticipations(
  db: Queryable,
  { saleNumber, block }: SaleAsOf,
  accounts: readonly Address[],
): Promise<ParticipationRecord[]> {
  const rows = await readRows<Row>(
    db,
    'participations',
    `SELECT newest.* FROM unnest($3::bytea[]) AS wanted (account)
     CROSS JOIN LATERAL (
       SELECT sale_number, participant, ${TOTALS} FROM sale_entry
       WHERE sale_number = $1 AND participant = wanted.account AND id <= $2
       ORDER BY id DESC LIMIT 1
     ) AS newest`,
    [saleNumber, lastOperationId(saleNumber, block), accounts.map(addressBytes)],
  );
  return rows.map(decode);
}

/** Which participations: of some sales, each as of a block, of all accounts or one. */
export interface ParticipationQuery {
  readonly sales: readonly SaleAsOf[];
  readonly participant: Address | null;
}

/** A page of participations, ordered by sale and address. One statement, by index. */
export function readParticipationPage(
  db: Queryable,
  query: ParticipationQuery,
  request: PageRequest<ParticipationKey>,
): Promise<Page<ParticipationRecord>> {
  return readKeysetPage<ParticipationRecord, ParticipationKey>(
    {
      keyOf: ({ saleNumber, participant }) => ({ saleNumber, participant }),
      compare: (left, right) =>
        compareValues(left.saleNumber, right.saleNumber) ||
        compareValues(left.participant, right.participant),
      fetch: (start, isBackward, limit) => fetchBeyond(db, query, start, isBackward, limit),
    },
    request,
  );
}

async function fetchBeyond(
  db: Queryable,
  { sales, participant }: ParticipationQuery,
  start: ParticipationKey | null,
  isBackward: boolean,
  limit: number,
): Promise<ParticipationRecord[]> {
  const [beyond, order] = isBackward ? ['<', 'DESC'] : ['>', 'ASC'];
  const rows = await readRows<Row>(
    db,
    `participation_page_${order}`,
    `SELECT p.* FROM unnest($1::integer[], $2::text[]) AS s (number, high)
     CROSS JOIN LATERAL (
       SELECT DISTINCT ON (participant) sale_number, participant, ${TOTALS}
       FROM sale_entry
       WHERE sale_number = s.number AND id <= s.high AND participant IS NOT NULL
         AND ($3::bytea IS NULL OR participant = $3)
         AND ($4::integer IS NULL OR (s.number, participant) ${beyond} ($4, $5::bytea))
       ORDER BY participant ${order}, id DESC LIMIT $6
     ) AS p
     ORDER BY p.sale_number ${order}, p.participant ${order} LIMIT $6`,
    [
      sales.map(({ saleNumber }) => saleNumber),
      sales.map(({ saleNumber, block }) => lastOperationId(saleNumber, block)),
      participant === null ? null : addressBytes(participant),
      start?.saleNumber ?? null,
      start === null ? null : addressBytes(start.participant),
      limit,
    ],
  );
  return rows.map(decode);
}

/** How many participations there are in the whole list. */
export async function countParticipations(
  db: Queryable,
  { sales, participant }: ParticipationQuery,
): Promise<number> {
  const rows = await readRows<{ readonly count: string }>(
    db,
    'participation_count',
    `SELECT count(*) FROM (
       SELECT DISTINCT e.sale_number, e.participant
       FROM unnest($1::integer[], $2::text[]) AS s (number, high)
       JOIN sale_entry e ON e.sale_number = s.number AND e.id <= s.high
       WHERE e.participant IS NOT NULL AND ($3::bytea IS NULL OR e.participant = $3)
     ) AS p`,
    [
      sales.map(({ saleNumber }) => saleNumber),
      sales.map(({ saleNumber, block }) => lastOperationId(saleNumber, block)),
      participant === null ? null : addressBytes(participant),
    ],
  );
  return Number(rows[0]?.count ?? 0);
}

function decode(row: Row): ParticipationRecord {
  return {
    saleNumber: row.sale_number,
    participant: addressFromBytes(row.participant),
    participation: {
      deposited: BigInt(row.deposited),
      allocated: BigInt(row.allocated),
      claimed: BigInt(row.claimed),
      refunded: BigInt(row.refunded),
      sold: BigInt(row.sold),
      proceeds: BigInt(row.proceeds),
      cost: BigInt(row.cost),
    },
  };
}
