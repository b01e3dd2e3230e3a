import { addressAt, addressBytes } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import {
  FIGURE_COLUMNS,
  type FiguresAsOf,
  figuresSql,
  PAYMENT_TABLES,
  type PaidFigure,
} from './holderFigures.js';
import {
  beginsInside,
  type HolderFigure,
  type HolderKey,
  type ListedHolder,
  type OrderedPart,
} from './holderRows.js';
import { filterConditions, type HolderFilter } from './holderScope.js';

/** SQL conditions; every value is a parameter. */
type Conditions = (parameters: Parameters) => readonly string[];

/** Some holders of a token at the end of a block. */
export interface HoldersAsOf extends FiguresAsOf {
  readonly filter: HolderFilter;
  /** Conditions on the account alone: who does not fulfil them is not examined. */
  readonly ofAccount: Conditions;
  /** Conditions on figures. */
  readonly ofFigures: Conditions;
}

/** Some accounts that a statement looks at. */
export interface Candidates {
  /** Items of `WITH RECURSIVE`, the last of which is `seen(account)`. */
  readonly items: readonly string[];
  /** SELECT of `seen`, how many rows the walk had, and of the place that it ended at. */
  readonly end: string;
  /** Conditions that holders of the list fulfil besides. */
  readonly inside?: readonly string[];
  /** `seen.wei` has the sums of this payment. */
  readonly paid?: PaidFigure;
}

/** What a statement found among the accounts that it examined. */
export interface Scanned {
  readonly rows: readonly ListedHolder[];
  /** How many accounts or balances it examined. */
  readonly looked: number;
  /** The last of them; `null`: nothing was there. */
  readonly end: HolderKey | null;
}

interface EndRow {
  readonly looked: string;
  readonly end_account: Buffer | null;
  readonly end_balance: string | null;
}

interface ScannedRow extends EndRow {
  readonly accounts: Buffer | null;
  readonly balances: string | null;
  readonly figures: string | null;
}

/** Returns the first rows of a part among some accounts, in its order. */
export async function scanHolders(
  db: Queryable,
  holders: HoldersAsOf,
  part: OrderedPart<HolderFigure>,
  candidatesOf: (parameters: Parameters) => Candidates,
): Promise<Scanned> {
  const parameters = new Parameters();
  const candidates = candidatesOf(parameters);
  const { with: items, from } = holdersSql(holders, candidates, parameters);
  const column = FIGURE_COLUMNS[part.metric];
  const range = rangeOf(part, column, parameters);
  const order = part.isDescending ? `${column} DESC, account` : `${column}, account DESC`;
  const limit = parameters.add(part.limit);
  const [row] = await readComposedRows<ScannedRow>(
    db,
    'holder_scan',
    `${items}
     SELECT e.*, p.* FROM (${candidates.end}) e
     CROSS JOIN (
       SELECT string_agg(account, '') AS accounts, string_agg(balance::text, ',') AS balances,
         string_agg(figure::text, ',') AS figures
       FROM (
         SELECT account, balance, ${column} AS figure ${[from, ...range].join(' AND ')}
         ORDER BY ${order} LIMIT ${limit}
       ) o
     ) p`,
    parameters,
  );
  return { rows: decode(row), ...endOf(row) };
}

/** Counts the holders among some accounts. */
export async function countScanned(
  db: Queryable,
  holders: HoldersAsOf,
  candidatesOf: (parameters: Parameters) => Candidates,
): Promise<Omit<Scanned, 'rows'> & { readonly count: number }> {
  const parameters = new Parameters();
  const candidates = candidatesOf(parameters);
  const { with: items, from } = holdersSql(holders, candidates, parameters);
  const [row] = await readComposedRows<EndRow & { readonly count: string }>(
    db,
    'holder_scan_count',
    `${items} SELECT e.*, (SELECT count(*) ${from}) AS count FROM (${candidates.end}) e`,
    parameters,
  );
  return { count: Number(row?.count ?? 0), ...endOf(row) };
}

/** The next accounts by the primary key. */
export function accountsFrom(
  { tokenNumber, ofAccount }: HoldersAsOf,
  start: Buffer | null,
  isAscending: boolean,
  most: number,
): (parameters: Parameters) => Candidates {
  return (parameters) => {
    const token = `${parameters.add(tokenNumber)}::integer`;
    const conditions = ['true', ...ofAccount(parameters)];
    if (start !== null) {
      conditions.push(`account ${isAscending ? '>' : '<'} ${parameters.add(start)}::bytea`);
    }
    const [order, reverse] = isAscending
      ? ['account', 'account DESC']
      : ['account DESC', 'account'];
    return {
      items: [
        `seen AS MATERIALIZED (SELECT account FROM holder
          WHERE token_number = ${token} AND ${conditions.join(' AND ')}
          ORDER BY ${order} LIMIT ${parameters.add(most)})`,
      ],
      end: `SELECT (SELECT count(*) FROM seen) AS looked, NULL::numeric AS end_balance,
        (SELECT account FROM seen ORDER BY ${reverse} LIMIT 1) AS end_account`,
    };
  };
}

/** A place in the index of all balances that anybody ever had. */
export interface BalancePlace {
  readonly start: HolderKey | null;
  readonly isDescending: boolean;
  /** Maximum number of balances. */
  readonly most: number;
}

/**
 * The accounts of the next balances that anybody had up to the block.
 *
 * @param filter bounds of the balances
 */
export function balancesFrom(
  { tokenNumber, block, ofAccount }: HoldersAsOf,
  { start, isDescending, most }: BalancePlace,
  { minBalance, maxBalance }: HolderFilter = {},
): (parameters: Parameters) => Candidates {
  return (parameters) => {
    const token = `${parameters.add(tokenNumber)}::integer`;
    const all = [
      `block_number <= ${parameters.add(block)}`,
      ...filterConditions(
        { minBalance: minBalance ?? null, maxBalance: maxBalance ?? null },
        parameters,
      ),
    ];
    const order = isDescending ? 'balance DESC, account' : 'balance, account DESC';
    const reverse = isDescending ? 'balance, account DESC' : 'balance DESC, account';
    const limit = `LIMIT ${parameters.add(most)}`;
    // Each range is one of the index: with an OR, the walk would begin at the first balance again.
    const walked = beyond(start, isDescending, parameters).map(
      (range) => `(SELECT account, balance FROM balance_checkpoint
        WHERE token_number = ${token} AND ${[...all, ...range].join(' AND ')}
        ORDER BY ${order} ${limit})`,
    );
    const conditions = ofAccount(parameters);
    return {
      items: [
        `walked AS MATERIALIZED (SELECT * FROM (${walked.join(' UNION ALL ')}) w
          ORDER BY ${order} ${limit})`,
        `seen AS MATERIALIZED (SELECT account FROM (SELECT DISTINCT account FROM walked) holder
          ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`})`,
      ],
      end: `SELECT (SELECT count(*) FROM walked) AS looked, l.balance AS end_balance,
          l.account AS end_account
        FROM (SELECT) one LEFT JOIN (SELECT * FROM walked ORDER BY ${reverse} LIMIT 1) l ON true`,
    };
  };
}

/** Of the accounts of balances: those that have one of them at the block. */
export function holdingThem(
  candidatesOf: (parameters: Parameters) => Candidates,
): (parameters: Parameters) => Candidates {
  return (parameters) => ({
    ...candidatesOf(parameters),
    inside: ['(account, balance) IN (SELECT account, balance FROM walked)'],
  });
}

/** Everybody who was paid up to the block. */
export function payees(
  { tokenNumber, block, ofAccount }: HoldersAsOf,
  paid: PaidFigure,
): (parameters: Parameters) => Candidates {
  return (parameters) => {
    const table = PAYMENT_TABLES[paid];
    const token = parameters.add(tokenNumber);
    const lastId = parameters.add(lastOperationId(tokenNumber, block));
    const conditions = ofAccount(parameters);
    return {
      items: [
        `seen AS MATERIALIZED (SELECT account, wei FROM (
          SELECT holder AS account, sum(amount_wei) AS wei FROM ${table}
          WHERE token_number = ${token} AND id <= ${lastId} GROUP BY holder) holder
          ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`})`,
      ],
      end: 'SELECT 0 AS looked, NULL::bytea AS end_account, NULL::numeric AS end_balance',
      paid,
    };
  };
}

function holdersSql(
  holders: HoldersAsOf,
  { items, inside = [], paid }: Candidates,
  parameters: Parameters,
): { readonly with: string; readonly from: string } {
  const figures = figuresSql(holders, parameters, paid);
  const conditions = [
    ...inside,
    ...filterConditions(holders.filter, parameters),
    ...holders.ofFigures(parameters),
  ];
  return {
    with: `WITH RECURSIVE ${[...items, ...figures.items].join(', ')}`,
    from: `FROM (${figures.relation}) holder WHERE ${['true', ...conditions].join(' AND ')}`,
  };
}

/** SQL conditions of the group, and of the place in it that the part begins after. */
function rangeOf(
  part: OrderedPart<HolderFigure>,
  column: string,
  parameters: Parameters,
): string[] {
  const within = { all: [], paid: [`${column} > 0`], unpaid: [`${column} = 0`] }[part.group];
  const { start, isDescending } = part;
  if (!beginsInside(part) || start === null) return [...within];
  const account = parameters.add(addressBytes(start.account));
  const value = `${parameters.add(start.value)}::numeric`;
  return [
    ...within,
    `(${column} ${isDescending ? '<' : '>'} ${value}
      OR (${column} = ${value} AND account ${isDescending ? '>' : '<'} ${account}))`,
  ];
}

/** SQL conditions of the ranges of an index by balance and account that follow a place. */
function beyond(
  start: HolderKey | null,
  isDescending: boolean,
  parameters: Parameters,
): string[][] {
  if (start === null) return [[]];
  const value = `${parameters.add(start.value)}::numeric`;
  const account = `${parameters.add(addressBytes(start.account))}::bytea`;
  return [
    [`balance = ${value}`, `account ${isDescending ? '>' : '<'} ${account}`],
    [`balance ${isDescending ? '<' : '>'} ${value}`],
  ];
}

function endOf(row: EndRow | undefined): Omit<Scanned, 'rows'> {
  const { looked = '0', end_account: account = null, end_balance: balance = null } = row ?? {};
  return {
    looked: Number(looked),
    end: account === null ? null : { account: addressAt(account, 0), value: BigInt(balance ?? 0) },
  };
}

function decode(row: ScannedRow | undefined): ListedHolder[] {
  if (row === undefined || row.accounts === null || row.balances === null) return [];
  const { accounts, balances, figures } = row;
  const figureOf = figures?.split(',') ?? [];
  return balances.split(',').map((balance, index) => ({
    account: addressAt(accounts, index),
    balance: BigInt(balance),
    value: BigInt(figureOf[index] ?? ''),
  }));
}
