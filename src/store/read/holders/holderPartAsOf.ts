import { addressBytes, addressFromBytes } from '../../../address.js';
import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows, readRows } from '../query/statement.js';
import { newestCheckpoint } from './checkpointWalk.js';
import type { CachedMetric, HolderPart, HolderRows } from './holderRows.js';
import { type HolderScope, scopeConditions } from './holderScope.js';

/** The tables of payments, by what they add up to. */
const PAYMENTS = { claimedWei: 'claim', redeemedWei: 'redemption' } as const;
const COLUMNS = { balance: 'balance', claimedWei: 'claimed_wei', redeemedWei: 'redeemed_wei' };

interface Row {
  readonly account: Buffer;
  readonly balance: string;
  readonly figure: string;
}

/**
 * Reads a part of a list of holders as of any block, from the append-only rows. PostgreSQL filters, sorts and cuts it;
 * only the rows of the part leave the database.
 *
 * - The holders who were paid are those of the payments up to the block, added up.
 * - Those who were paid nothing are walked in the order of their accounts, until the part is full.
 * - Everything else goes over all holders: callers bound their number.
 */
export async function readHolderPartAsOf(db: Queryable, part: HolderPart): Promise<HolderRows> {
  const { metric, isDescending, group, limit } = part;
  const parameters = new Parameters();
  const relation = relationOf(part, group === 'paid' ? metric : 'balance', parameters);
  const column = COLUMNS[metric];
  const conditions = [...scopeConditions(part, parameters), ...rangeOf(part, column, parameters)];
  const order = isDescending ? `${column} DESC, account` : `${column}, account DESC`;
  // All of them have the same figure: the primary key has their order.
  const accountOrder = isDescending ? 'account' : 'account DESC';
  const rows = await readComposedRows<Row>(
    db,
    'holder_part_as_of',
    `SELECT account, balance, ${column} AS figure FROM (${relation}) holder
     WHERE ${conditions.join(' AND ')}
     ORDER BY ${group === 'unpaid' ? accountOrder : order} LIMIT ${parameters.add(limit)}`,
    parameters,
  );
  const listed = rows.map(({ account, balance, figure }) => ({
    account: addressFromBytes(account),
    balance: BigInt(balance),
    value: BigInt(figure),
  }));
  return { revision: null, rowsAt: () => listed };
}

/** Counts the holders of a scope as of any block. */
export async function countHoldersAsOf(db: Queryable, scope: HolderScope): Promise<number> {
  const parameters = new Parameters();
  const relation = relationOf(scope, 'balance', parameters);
  const conditions = scopeConditions(scope, parameters);
  const [row] = await readComposedRows<{ readonly count: string }>(
    db,
    'holder_count_as_of',
    `SELECT count(*) FROM (${relation}) holder WHERE ${conditions.join(' AND ')}`,
    parameters,
  );
  return Number(row?.count ?? 0);
}

/** Counts the accounts that held a token up to a block. */
export async function countAccountsAsOf(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<number> {
  const [row] = await readRows<{ readonly count: string }>(
    db,
    'accounts_as_of',
    `SELECT count(*) FROM holder k WHERE token_number = $1 AND EXISTS (
       SELECT FROM balance_checkpoint b
       WHERE b.account = k.account AND b.token_number = k.token_number AND b.block_number <= $2)`,
    [tokenNumber, block],
  );
  return Number(row?.count ?? 0);
}

/**
 * SQL of the holders as of the block, with the columns of the cache of newest states.
 *
 * @param by `balance`: every account that ever held the token by then; else only those who were paid
 */
function relationOf(
  { tokenNumber, asOf }: HolderScope,
  by: CachedMetric,
  parameters: Parameters,
): string {
  const token = `${parameters.add(tokenNumber)}::integer`;
  const block = `${parameters.add(asOf.block)}::bigint`;
  const lastId = parameters.add(lastOperationId(tokenNumber, asOf.block));
  const paid = (table: string) => `COALESCE((SELECT sum(x.amount_wei) FROM ${table} x
    WHERE x.holder = k.account AND x.token_number = k.token_number AND x.id <= ${lastId}), 0)`;
  if (by === 'balance') {
    return `SELECT k.account, k.token_number, c.balance, ${paid('claim')} AS claimed_wei,
        ${paid('redemption')} AS redeemed_wei
      FROM holder k CROSS JOIN LATERAL (${newestCheckpoint('k', block)}) c
      WHERE k.token_number = ${token}`;
  }
  const wei = (metric: keyof typeof PAYMENTS) => (metric === by ? 'k.wei' : paid(PAYMENTS[metric]));
  return `SELECT k.account, k.token_number,
      (SELECT c.balance FROM (${newestCheckpoint('k', block)}) c) AS balance,
      ${wei('claimedWei')} AS claimed_wei, ${wei('redeemedWei')} AS redeemed_wei
    FROM (
      SELECT holder AS account, token_number, sum(amount_wei) AS wei FROM ${PAYMENTS[by]}
      WHERE token_number = ${token} AND id <= ${lastId} GROUP BY holder, token_number
    ) k`;
}

/** SQL conditions of the group, and of the place in it that the part begins after. */
function rangeOf(
  { group, start, isDescending }: HolderPart,
  column: string,
  parameters: Parameters,
): string[] {
  const within = { all: [], paid: [`${column} > 0`], unpaid: [`${column} = 0`] }[group];
  const isInside =
    start !== null && (group === 'all' || (group === 'unpaid') === (start.value === 0n));
  if (!isInside) return within;
  const account = `account ${isDescending ? '>' : '<'} ${parameters.add(addressBytes(start.account))}`;
  if (group === 'unpaid') return [...within, account];
  const value = `${parameters.add(start.value)}::numeric`;
  const beyond = `${column} ${isDescending ? '<' : '>'} ${value}`;
  return [...within, `(${beyond} OR (${column} = ${value} AND ${account}))`];
}
