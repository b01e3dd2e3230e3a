import { type Address, addressBytes } from '../../address.js';
import { lastOperationId } from '../ids.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Direction } from './operation.js';
import { whereAll } from './operationSelect.js';
import {
  decodeParticipation,
  PARTICIPATION_TOTALS,
  type ParticipationRecord,
  type ParticipationRow,
} from './participations.js';
import type { Queryable } from './queryable.js';
import type { SaleAsOf } from './saleVersions.js';
import { Parameters, readComposedRows } from './statement.js';
import { addressColumn, amountColumn, type WhereColumns } from './where.js';

/** Where a participation stands in a list: by a figure, if any, then by sale and address. */
export interface ParticipationKey {
  readonly value: bigint;
  readonly saleNumber: number;
  readonly participant: Address;
}

/** What participations can be narrowed by, beside the fields of their sale. */
export interface ParticipationValues {
  readonly participant: Address;
  readonly deposited: bigint;
  readonly claimed: bigint;
  readonly refunded: bigint;
  readonly sold: bigint;
  readonly proceeds: bigint;
}

export const PARTICIPATION_COLUMNS: WhereColumns<ParticipationValues> = {
  participant: addressColumn('p.participant'),
  deposited: amountColumn('p.deposited'),
  claimed: amountColumn('p.claimed'),
  refunded: amountColumn('p.refunded'),
  sold: amountColumn('p.sold'),
  proceeds: amountColumn('p.proceeds'),
};

/** Which participations: of some sales, each as of a block, of all accounts or one. */
export interface ParticipationQuery {
  readonly sales: readonly SaleAsOf[];
  readonly participant: Address | null;
  /** More conditions on the newest state `p` of a participation. */
  readonly where?: (parameters: Parameters) => readonly string[];
  readonly orderBy: 'SALE' | 'DEPOSITED';
  readonly direction: Direction;
}

/**
 * A page of participations. By sale and address it goes by index; by what was deposited, all
 * participations of the sales are looked at.
 */
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
  const [beyond, order] = isUp ? ['>', 'ASC'] : ['<', 'DESC'];
  const isByIndex = query.orderBy === 'SALE';
  // Inside each sale the index is entered at the key; sales before it are left out.
  const sales = isByIndex && start !== null ? beyondKey(query.sales, start, isUp) : query.sales;
  const starts = sales.map(({ saleNumber }) => startOf(saleNumber, start, isUp));
  const inside = isByIndex && start !== null ? [`e.participant ${beyond} s.start`] : [];
  const outside =
    isByIndex || start === null
      ? []
      : [
          `(p.deposited, p.sale_number, p.participant) ${beyond}
           (${parameters.add(start.value)}::numeric, ${parameters.add(start.saleNumber)}::integer,
            ${parameters.add(addressBytes(start.participant))}::bytea)`,
        ];
  const figure = isByIndex ? '' : `p.deposited ${order}, `;
  const most = parameters.add(limit);
  const conditions = [...(query.where?.(parameters) ?? []), ...outside];
  // Of each sale by index only as many as the page can take; of conditions none is indexed.
  const limited = isByIndex && conditions.length === 0 ? `LIMIT ${most}` : '';
  const rows = await readComposedRows<ParticipationRow>(
    db,
    'participation_page',
    `SELECT p.* FROM ${salesOf(sales, starts, parameters)}
     CROSS JOIN LATERAL (
       SELECT * FROM (${newestOf(query, inside, order, parameters)} ${limited}) AS p
       ${whereAll(conditions)}
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

function startOf(saleNumber: number, key: ParticipationKey | null, isUp: boolean): Buffer {
  return key?.saleNumber === saleNumber ? addressBytes(key.participant) : outermost(isUp);
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

/** The newest entry of each participant of a sale `s`: it has the totals. */
function newestOf(
  { participant }: ParticipationQuery,
  conditions: readonly string[],
  order: string,
  parameters: Parameters,
): string {
  const where = ['e.sale_number = s.number', 'e.id <= s.high', 'e.participant IS NOT NULL'];
  if (participant !== null) {
    where.push(`e.participant = ${parameters.add(addressBytes(participant))}`);
  }
  return `SELECT DISTINCT ON (e.participant) e.sale_number, e.participant, ${PARTICIPATION_TOTALS}
    FROM sale_entry e ${whereAll([...where, ...conditions])}
    ORDER BY e.participant ${order}, e.id DESC`;
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
       SELECT FROM (${newestOf(query, [], 'ASC', parameters)}) AS p
       ${whereAll(query.where?.(parameters) ?? [])}
     ) AS p`,
    parameters,
  );
  return Number(row?.count ?? 0);
}
