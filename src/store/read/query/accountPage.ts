import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import { whereAll } from '../operations/operationSelect.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';

/** A table that has, for each account of a contract, a row with its totals after every change. */
export interface AccountTable {
  readonly name: string;
  /** The column with the number of the contract. */
  readonly owner: string;
  /** The column with the account; rows without one are left out. */
  readonly account: string;
  /** The columns of the totals. */
  readonly totals: string;
  /** The total that may order a list. */
  readonly figure: string;
  /** Name of its statements in metrics. */
  readonly statement: string;
}

/** A contract at the end of a block. */
export interface OwnerAsOf {
  readonly number: number;
  readonly block: number;
}

/** Place of an account in a list: by a figure, if any, then by contract and address. */
export interface AccountKey {
  /** 0 where no figure orders the list. */
  readonly value: bigint;
  readonly number: number;
  readonly account: Address;
}

/** The accounts of some contracts, each as of a block. */
export interface AccountQuery {
  readonly owners: readonly OwnerAsOf[];
  /** Only this account; `null`: all. */
  readonly account: Address | null;
  /** More conditions on the newest row `p` of an account. */
  readonly where?: (parameters: Parameters) => readonly string[];
  readonly isByFigure: boolean;
  readonly direction: Direction;
}

/**
 * Reads a page of the newest rows of accounts: by contract and address, or by the figure; each order needs an
 * index.
 */
export function readAccountPage<Row extends object>(
  db: Queryable,
  table: AccountTable,
  query: AccountQuery,
  request: PageRequest<AccountKey>,
): Promise<Page<Row>> {
  const isAscending = query.direction === 'ASC';
  return readKeysetPage<Row, AccountKey>(
    {
      keyOf: (row) => keyOf(table, query, row),
      compare: (left, right) => (isAscending ? 1 : -1) * compareKeys(left, right),
      fetch: (start, isBackward, limit) =>
        fetchBeyond<Row>(db, table, query, start, isAscending !== isBackward, limit),
    },
    request,
  );
}

function keyOf(table: AccountTable, { isByFigure }: AccountQuery, row: object): AccountKey {
  const values = row as Readonly<Record<string, unknown>>;
  return {
    value: isByFigure ? BigInt(String(values[table.figure])) : 0n,
    number: Number(values[table.owner]),
    account: addressFromBytes(values[table.account] as Buffer),
  };
}

function compareKeys(left: AccountKey, right: AccountKey): number {
  return (
    compareValues(left.value, right.value) ||
    compareValues(left.number, right.number) ||
    compareValues(left.account, right.account)
  );
}

async function fetchBeyond<Row extends object>(
  db: Queryable,
  table: AccountTable,
  query: AccountQuery,
  start: AccountKey | null,
  isUp: boolean,
  limit: number,
): Promise<Row[]> {
  const parameters = new Parameters();
  const { isByFigure } = query;
  const order = isUp ? 'ASC' : 'DESC';
  // Within each contract, reading starts at the key. By address, earlier contracts are left out.
  const owners = isByFigure || start === null ? query.owners : beyondKey(query.owners, start, isUp);
  const starts = owners.map(({ number }) => startOf(number, start, isUp));
  const items = ownersOf(owners, starts, parameters);
  const beyond = beyondStart(table, isByFigure, start, isUp, parameters);
  const newest = newestOf(table, query, beyond, parameters);
  const figure = isByFigure ? `p.${table.figure} ${order}, ` : '';
  const conditions = whereAll(query.where?.(parameters) ?? []);
  const most = parameters.add(limit);
  // From each contract, only as many rows by index as fit on the page.
  return readComposedRows<Row>(
    db,
    `${table.statement}_page`,
    `SELECT p.* FROM ${items}
     CROSS JOIN LATERAL (
       SELECT * FROM (${newest}) AS p ${conditions}
       ORDER BY ${figure}p.${table.account} ${order} LIMIT ${most}
     ) AS p
     ORDER BY ${figure}p.${table.owner} ${order}, p.${table.account} ${order} LIMIT ${most}`,
    parameters,
  );
}

function beyondKey(owners: readonly OwnerAsOf[], key: AccountKey, isUp: boolean): OwnerAsOf[] {
  return owners.filter(({ number }) => (isUp ? number >= key.number : number <= key.number));
}

/** Before (`isUp`) or after every address. */
const outermost = (isUp: boolean) => (isUp ? Buffer.alloc(0) : Buffer.alloc(21, 0xff));

/** The address in a contract beyond which rows of the key's own figure come after the key. */
function startOf(number: number, key: AccountKey | null, isUp: boolean): Buffer {
  if (key?.number === number) return addressBytes(key.account);
  const isBehind = key !== null && number < key.number === isUp;
  return outermost(isBehind ? !isUp : isUp);
}

/** Conditions on the rows `e` of a contract `s`. */
function beyondStart(
  { account, figure }: AccountTable,
  isByFigure: boolean,
  start: AccountKey | null,
  isUp: boolean,
  parameters: Parameters,
): string[] {
  if (start === null) return [];
  const comparison = isUp ? '>' : '<';
  if (!isByFigure) return [`e.${account} ${comparison} s.start`];
  const value = `${parameters.add(start.value)}::numeric`;
  return [`(e.${figure}, e.${account}) ${comparison} (${value}, s.start)`];
}

/** The contracts `s`, each with the address beyond which its accounts are wanted. */
function ownersOf(
  owners: readonly OwnerAsOf[],
  starts: readonly Buffer[],
  parameters: Parameters,
): string {
  const numbers = parameters.add(owners.map(({ number }) => number));
  const last = owners.map(({ number, block }) => lastOperationId(number, block));
  return `unnest(${numbers}::integer[], ${parameters.add(last)}::text[],
    ${parameters.add(starts)}::bytea[]) AS s (number, high, start)`;
}

/**
 * The newest row of each account of a contract `s`, which has the totals. The query compares each row with its
 * account's newest, so that it can read the rows in any order by index.
 */
function newestOf(
  { name, owner, account: column, totals }: AccountTable,
  { account }: AccountQuery,
  conditions: readonly string[],
  parameters: Parameters,
): string {
  const where = [`e.${owner} = s.number`, 'e.id <= s.high', `e.${column} IS NOT NULL`];
  if (account !== null) where.push(`e.${column} = ${parameters.add(addressBytes(account))}`);
  const isNewest = `e.id = (SELECT n.id FROM ${name} n
    WHERE n.${owner} = e.${owner} AND n.${column} = e.${column} AND n.id <= s.high
    ORDER BY n.id DESC LIMIT 1)`;
  return `SELECT e.${owner}, e.${column}, ${totals}
    FROM ${name} e ${whereAll([...where, ...conditions, isNewest])}`;
}

/** How many rows there are in the whole list. */
export async function countAccounts(
  db: Queryable,
  table: AccountTable,
  query: AccountQuery,
): Promise<number> {
  const parameters = new Parameters();
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    `${table.statement}_count`,
    `SELECT count(*) FROM ${ownersOf(query.owners, [], parameters)}
     CROSS JOIN LATERAL (
       SELECT FROM (${newestOf(table, query, [], parameters)}) AS p
       ${whereAll(query.where?.(parameters) ?? [])}
     ) AS p`,
    parameters,
  );
  return Number(row?.count ?? 0);
}
