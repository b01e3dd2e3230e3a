import { type Address, addressBytes } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import { whereAll } from '../operations/operationSelect.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import {
  decodeParticipation,
  PARTICIPATION_TOTALS,
  type ParticipationRecord,
  type ParticipationRow,
} from './participations.js';
import type { SaleAsOf } from './saleVersions.js';

/** The position of a participation in a list: by a figure, if any, then by sale and address. */
export interface ParticipationKey {
  readonly value: bigint;
  readonly saleNumber: number;
  readonly participant: Address;
}

/** The participations of some sales, each as of a block, of all accounts or one. */
export interface ParticipationQuery {
  readonly sales: readonly SaleAsOf[];
  readonly participant: Address | null;
  /** More conditions on the newest state `p` of a participation. */
  readonly where?: (parameters: Parameters) => readonly string[];
  readonly orderBy: 'SALE' | 'DEPOSITED';
  readonly direction: Direction;
}

/** Reads a page of participations: by sale and address, or by deposit; each order has an index. */
export function readParticipationPage(
  db: Queryable,
  query: ParticipationQuery,
  request: PageRequest<ParticipationKey>,
): Promise<Page<ParticipationRecord>> {
  const isAscending = query.direction === 'ASC';
  return readKeysetPage<ParticipationRecord, ParticipationKey>(
    {
      keyOf: (row) => participationKey(row, query.orderBy),
      compare: (left, right) => (isAscending ? 1 : -1) * compareKeys(left, right),
      fetch: (start, isBackward, limit) =>
        fetchBeyond(db, query, start, isAscending !== isBackward, limit),
    },
    request,
  );
}

export function participationKey(
  { saleNumber, participant, participation }: ParticipationRecord,
  orderBy: ParticipationQuery['orderBy'],
): ParticipationKey {
  const value = orderBy === 'DEPOSITED' ? participation.deposited : 0n;
  return { value, saleNumber, participant };
}

function compareKeys(left: ParticipationKey, right: ParticipationKey): number {
  return (
    compareValues(left.value, right.value) ||
    compareValues(left.saleNumber, right.saleNumber) ||
    compareValues(left.participant, right.participant)
  );
}

async function fetchBeyond(
  db: Queryable,
  query: ParticipationQuery,
  start: ParticipationKey | null,
  isUp: boolean,
  limit: number,
): Promise<ParticipationRecord[]> {
  const parameters = new Parameters();
  const order = isUp ? 'ASC' : 'DESC';
  const isByFigure = query.orderBy === 'DEPOSITED';
  // Within each sale, reading starts at the key. By address, earlier sales are left out.
  const sales = isByFigure || start === null ? query.sales : beyondKey(query.sales, start, isUp);
  const starts = sales.map(({ saleNumber }) => startOf(saleNumber, start, isUp));
  const items = salesOf(sales, starts, parameters);
  const beyond = beyondStart(query.orderBy, start, isUp, parameters);
  const newest = newestOf(query, beyond, parameters);
  const figure = isByFigure ? `p.deposited ${order}, ` : '';
  const conditions = whereAll(query.where?.(parameters) ?? []);
  const most = parameters.add(limit);
  // From each sale, only as many rows by index as fit on the page.
  const rows = await readComposedRows<ParticipationRow>(
    db,
    'participation_page',
    `SELECT p.* FROM ${items}
     CROSS JOIN LATERAL (
       SELECT * FROM (${newest}) AS p ${conditions}
       ORDER BY ${figure}p.participant ${order} LIMIT ${most}
     ) AS p
     ORDER BY ${figure}p.sale_number ${order}, p.participant ${order} LIMIT ${most}`,
    parameters,
  );
  return rows.map(decodeParticipation);
}

function beyondKey(sales: readonly SaleAsOf[], key: ParticipationKey, isUp: boolean): SaleAsOf[] {
  return sales.filter(({ saleNumber }) =>
    isUp ? saleNumber >= key.saleNumber : saleNumber <= key.saleNumber,
  );
}

/** Before (`isUp`) or after every address. */
const outermost = (isUp: boolean) => (isUp ? Buffer.alloc(0) : Buffer.alloc(21, 0xff));

/** The address in a sale beyond which rows of the key's own figure come after the key. */
function startOf(saleNumber: number, key: ParticipationKey | null, isUp: boolean): Buffer {
  if (key?.saleNumber === saleNumber) return addressBytes(key.participant);
  const isBehind = key !== null && saleNumber < key.saleNumber === isUp;
  return outermost(isBehind ? !isUp : isUp);
}

/** Conditions on the entries `e` of a sale `s`. */
function beyondStart(
  orderBy: ParticipationQuery['orderBy'],
  start: ParticipationKey | null,
  isUp: boolean,
  parameters: Parameters,
): string[] {
  if (start === null) return [];
  const comparison = isUp ? '>' : '<';
  if (orderBy === 'SALE') return [`e.participant ${comparison} s.start`];
  const value = `${parameters.add(start.value)}::numeric`;
  return [`(e.deposited, e.participant) ${comparison} (${value}, s.start)`];
}

/** The sales `s`, each with the address beyond which its participants are wanted. */
function salesOf(
  sales: readonly SaleAsOf[],
  starts: readonly Buffer[],
  parameters: Parameters,
): string {
  const numbers = parameters.add(sales.map(({ saleNumber }) => saleNumber));
  const last = sales.map(({ saleNumber, block }) => lastOperationId(saleNumber, block));
  return `unnest(${numbers}::integer[], ${parameters.add(last)}::text[],
    ${parameters.add(starts)}::bytea[]) AS s (number, high, start)`;
}

/**
 * The newest entry of each participant of a sale `s`, which has the totals. The query compares each
 * entry with its participant's newest, so that it can read the entries in any order by index.
 */
function newestOf(
  { participant }: ParticipationQuery,
  conditions: readonly string[],
  parameters: Parameters,
): string {
  const where = ['e.sale_number = s.number', 'e.id <= s.high', 'e.participant IS NOT NULL'];
  if (participant !== null) {
    where.push(`e.participant = ${parameters.add(addressBytes(participant))}`);
  }
  const isNewest = `e.id = (SELECT n.id FROM sale_entry n
    WHERE n.sale_number = e.sale_number AND n.participant = e.participant AND n.id <= s.high
    ORDER BY n.id DESC LIMIT 1)`;
  return `SELECT e.sale_number, e.participant, ${PARTICIPATION_TOTALS}
    FROM sale_entry e ${whereAll([...where, ...conditions, isNewest])}`;
}

/** How many participations there are in the whole list. */
export async function countParticipations(
  db: Queryable,
  query: ParticipationQuery,
): Promise<number> {
  const parameters = new Parameters();
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    'participation_count',
    `SELECT count(*) FROM ${salesOf(query.sales, [], parameters)}
     CROSS JOIN LATERAL (
       SELECT FROM (${newestOf(query, [], parameters)}) AS p
       ${whereAll(query.where?.(parameters) ?? [])}
     ) AS p`,
    parameters,
  );
  return Number(row?.count ?? 0);
}
