import { canShareOverflow } from '../../../ledger/entitlement.js';
import { lastOperationId } from '../../ids.js';
import type { OpenSnapshots } from '../entitlements/openSnapshots.js';
import { shareSql } from '../entitlements/shareSql.js';
import type { Parameters } from '../query/statement.js';
import type { HolderFigure } from './holderRows.js';

/** The columns of figures in lists of holders. */
export const FIGURE_COLUMNS = {
  balance: 'balance',
  claimableWei: 'claimable_wei',
  claimedWei: 'claimed_wei',
  redeemedWei: 'redeemed_wei',
} as const satisfies Readonly<Record<HolderFigure, string>>;

/** The moment of figures, and which of them are asked. */
export interface FiguresAsOf {
  readonly tokenNumber: number;
  readonly block: number;
  /** What holders can claim; `null`: nothing, or nobody asks. */
  readonly open: OpenSnapshots | null;
}

/** Parts of a statement over holders as of a block. */
export interface FiguresSql {
  /** Items of `WITH RECURSIVE`, after that of `seen`. */
  readonly items: readonly string[];
  /** A relation with the columns of the cache of newest states, and `claimable_wei`. */
  readonly relation: string;
}

/** A payment that the accounts come with, already added up, in `seen.wei`. */
export type PaidFigure = 'claimedWei' | 'redeemedWei';

/** The tables of payments. */
export const PAYMENT_TABLES = { claimedWei: 'claim', redeemedWei: 'redemption' } as const;

/**
 * SQL of the figures of some holders at the end of a block, from the append-only rows. Each account takes an index probe
 * for its balance and for each kind of payment, as far as the statement uses them; claimable revenue takes two more and
 * one for each open interval in which the balance changed.
 *
 * The accounts are those of an item `seen(account)`. Who did not hold the token yet is left out.
 *
 * @param paid `seen` has the sums of this payment: these accounts held the token
 */
export function figuresSql(
  { tokenNumber, block, open }: FiguresAsOf,
  parameters: Parameters,
  paid: PaidFigure | null = null,
): FiguresSql {
  const token = `${parameters.add(tokenNumber)}::integer`;
  const until = `${parameters.add(block)}::bigint`;
  const lastId = parameters.add(lastOperationId(tokenNumber, block));
  const newest = newestBalance('k.account', token, until);
  const wei = (payment: PaidFigure) =>
    payment === paid
      ? 'k.wei'
      : `COALESCE((SELECT sum(x.amount_wei) FROM ${PAYMENT_TABLES[payment]} x
          WHERE x.holder = k.account AND x.token_number = ${token} AND x.id <= ${lastId}), 0)`;
  const from =
    paid === null
      ? `seen k CROSS JOIN LATERAL (${newest}) c`
      : `seen k CROSS JOIN LATERAL (
      SELECT (SELECT n.balance FROM (${newest}) n) AS balance) c`;
  const claimable = open === null ? null : claimableItems(open, token, lastId, parameters);
  return {
    items: claimable ?? [],
    relation: `SELECT k.account, ${token} AS token_number, c.balance,
        ${wei('claimedWei')} AS claimed_wei, ${wei('redeemedWei')} AS redeemed_wei,
        ${claimable === null ? '0::numeric' : 'COALESCE(s.wei, 0)'} AS claimable_wei
      FROM ${from}
      ${claimable === null ? '' : 'LEFT JOIN claimable s ON s.account = k.account'}`,
  };
}

/** SQL of the newest checkpoint of an account up to a block. */
function newestBalance(account: string, token: string, block: string, condition = 'true'): string {
  return `SELECT b."interval", b.balance FROM balance_checkpoint b
    WHERE b.account = ${account} AND b.token_number = ${token}
      AND b.block_number <= ${block} AND ${condition}
    ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1`;
}

/**
 * What each account of `seen` can claim: the shares of all open snapshots (`snapshotShareWei` of the ledger) but those
 * that it has claimed. Its balances are walked from the last snapshot back to the first open one, a row for each
 * interval in which it changed: a balance counts for the snapshots until the next row.
 */
function claimableItems(
  { firstId, lastId: lastSnapshot, block, pools }: OpenSnapshots,
  token: string,
  lastId: string,
  parameters: Parameters,
): string[] {
  const first = `${parameters.add(firstId)}::integer`;
  const last = `${parameters.add(lastSnapshot)}::integer`;
  const lastBlock = `${parameters.add(block)}::bigint`;
  const share = pools.some(canShareOverflow)
    ? shareSql('h.balance')
    : 'div(h.balance * s.claimable_wei, nullif(s.supply, 0))';
  const start = newestBalance('k.account', token, lastBlock, `b."interval" < ${last}`);
  const before = newestBalance('h.account', token, 's.block_number', 'b."interval" < h."interval"');
  return [
    `held AS (
      SELECT k.account, c."interval", c.balance, ${last} AS until
      FROM seen k CROSS JOIN LATERAL (${start}) c
      UNION ALL
      SELECT h.account, c."interval", c.balance, h."interval" AS until
      FROM held h
      JOIN snapshot s ON s.token_number = ${token} AND s.snapshot_id = h."interval"
      CROSS JOIN LATERAL (${before}) c
      WHERE h."interval" >= ${first}
    )`,
    `paid AS MATERIALIZED (
      SELECT k.account, ARRAY(SELECT x.snapshot_id FROM claim x
        WHERE x.holder = k.account AND x.token_number = ${token}
          AND x.snapshot_id >= ${first} AND x.id <= ${lastId}) AS ids
      FROM seen k
    )`,
    `claimable AS MATERIALIZED (
      SELECT h.account, sum(${share}) AS wei
      FROM held h
      JOIN paid p ON p.account = h.account
      JOIN snapshot s ON s.token_number = ${token} AND s.snapshot_id BETWEEN ${first} AND ${last}
        AND s.snapshot_id > h."interval" AND s.snapshot_id <= h.until
      WHERE h.balance > 0 AND s.snapshot_id <> ALL(p.ids)
      GROUP BY h.account
    )`,
  ];
}
