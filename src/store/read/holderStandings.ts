import { addressFromBytes } from '../../address.js';
import { isOpen } from '../../ledger/apply.js';
import { type BalanceCheckpoint, snapshotShareWei } from '../../ledger/entitlement.js';
import { lastSnapshotId, type PoolState, type RevenueTerms } from '../../ledger/state.js';
import { lastOperationId, operationId } from '../ids.js';
import { checkpointWalk } from './checkpointWalk.js';
import type { HolderStanding } from './holderPage.js';
import { readPools } from './pools.js';
import type { Queryable } from './queryable.js';
import { readRows } from './statement.js';
import type { TokenRecord } from './tokens.js';

/** A holder's standing at the end of any block, with what it can claim then. */
export interface HolderStandingAsOf extends HolderStanding {
  readonly claimableWei: bigint;
}

/**
 * Every holder of a token at the end of a block, in no order: what a list by claimable
 * revenue, or a list as of an earlier block, is made of.
 *
 * Claimable revenue is a sum of floor divisions with other balances and other snapshots for
 * each holder, so no index can hold its order, and a stored figure would have to be rewritten
 * for all holders at each snapshot. So the balances that count (now and at each snapshot that
 * is open) are read for all holders in one statement, and the ledger's own formulas are
 * applied here: exact, and for 20,000 holders a fraction of a second.
 */
export async function readHolderStandings(
  db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<HolderStandingAsOf[]> {
  const [state] = await readPools(db, [{ tokenNumber: token.number, block }]);
  if (state === undefined) throw new RangeError(`no pools of token ${token.number}`);
  const openIds = openSnapshots(token.rules.terms, state);
  const [balances, claims, redemptions] = await Promise.all([
    readCheckpoints(db, token.number, block, openIds.at(-1) ?? 0),
    readClaims(db, token.number, block, openIds.at(-1) ?? 0),
    readRedemptions(db, token.number, block),
  ]);
  return [...balances].map(([name, { account, checkpoints }]) => {
    const paid = claims.get(name);
    return {
      account: addressFromBytes(account),
      balance: checkpoints[0]?.balance ?? 0n,
      claimedWei: BigInt(paid?.claimed_wei ?? 0),
      redeemedWei: BigInt(redemptions.get(name) ?? 0),
      claimableWei: claimableWei(state, openIds, checkpoints, paid?.open_claims ?? []),
    };
  });
}

/** Ids of the snapshots that can be claimed, newest first. */
function openSnapshots(terms: RevenueTerms, state: PoolState): number[] {
  const lastId = lastSnapshotId(state);
  const ids: number[] = [];
  for (let id = lastId; isOpen(terms, id, lastId); id--) ids.push(id);
  return ids;
}

/** `Entitlement.totalClaimableWei` without the rest; ids and checkpoints newest first. */
function claimableWei(
  state: PoolState,
  openIds: readonly number[],
  checkpoints: readonly BalanceCheckpoint[],
  claimedIds: readonly number[],
): bigint {
  const claimed = new Set(claimedIds);
  let sumWei = 0n;
  let next = 0;
  for (const id of openIds) {
    while ((checkpoints[next]?.interval ?? -1) >= id) next++;
    const pool = state.snapshots[id - 1];
    if (pool === undefined || claimed.has(id)) continue;
    sumWei += snapshotShareWei(pool, checkpoints[next]?.balance ?? 0n);
  }
  return sumWei;
}

interface HolderBalances {
  readonly account: Buffer;
  readonly checkpoints: BalanceCheckpoint[];
}

interface CheckpointRow {
  readonly account: Buffer;
  readonly interval: number;
  readonly balance: string;
}

/**
 * By account, newest first: the newest checkpoint and those that open snapshots refer to.
 * `holder` has a row for everybody who was ever touched, so it serves as their list.
 */
async function readCheckpoints(
  db: Queryable,
  tokenNumber: number,
  block: number,
  firstOpenId: number,
): Promise<Map<string, HolderBalances>> {
  const holders = `(
    SELECT 0 AS ordinal, token_number, account, $2::integer AS block_number
    FROM holder WHERE token_number = $1
  ) k`;
  const rows = await readRows<CheckpointRow>(
    db,
    'standing_balances',
    `WITH RECURSIVE ${checkpointWalk(holders, '$3 = 0 OR w."interval" < $3')}
     SELECT account, "interval", balance FROM walk ORDER BY "interval" DESC`,
    [tokenNumber, block, firstOpenId],
  );
  const balances = new Map<string, HolderBalances>();
  for (const { account, interval, balance } of rows) {
    const checkpoint = { interval, balance: BigInt(balance) };
    const known = balances.get(nameOf(account));
    if (known === undefined) balances.set(nameOf(account), { account, checkpoints: [checkpoint] });
    else known.checkpoints.push(checkpoint);
  }
  return balances;
}

interface ClaimRow {
  readonly holder: Buffer;
  readonly claimed_wei: string;
  readonly open_claims: readonly number[] | null;
}

async function readClaims(
  db: Queryable,
  tokenNumber: number,
  block: number,
  firstOpenId: number,
): Promise<Map<string, ClaimRow>> {
  const rows = await readRows<ClaimRow>(
    db,
    'standing_claims',
    `SELECT holder, sum(amount_wei) AS claimed_wei,
       array_agg(snapshot_id) FILTER (WHERE snapshot_id >= $3) AS open_claims
     FROM claim WHERE id >= $1 AND id <= $2 GROUP BY holder`,
    [operationId(tokenNumber, 0, 0), lastOperationId(tokenNumber, block), firstOpenId],
  );
  return new Map(rows.map((row) => [nameOf(row.holder), row]));
}

async function readRedemptions(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<Map<string, string>> {
  const rows = await readRows<{ readonly holder: Buffer; readonly redeemed_wei: string }>(
    db,
    'standing_redemptions',
    `SELECT holder, sum(amount_wei) AS redeemed_wei
     FROM redemption WHERE id >= $1 AND id <= $2 GROUP BY holder`,
    [operationId(tokenNumber, 0, 0), lastOperationId(tokenNumber, block)],
  );
  return new Map(rows.map((row) => [nameOf(row.holder), row.redeemed_wei]));
}

function nameOf(account: Buffer): string {
  return account.toString('latin1');
}
