import { canShareOverflow, snapshotShareWei } from '../../../ledger/entitlement.js';
import { type LargestEnd, readLargestEver } from '../holders/balanceWalk.js';
import { checkpointWalk } from '../holders/checkpointWalk.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { OpenSnapshots } from './openSnapshots.js';
import { shareSql } from './shareSql.js';

/** A holder's shares of all open snapshots together, as if it had claimed none. */
export interface ClaimableShare {
  /** 20 bytes. */
  readonly account: Buffer;
  readonly wei: bigint;
}

/** The start of the list of all shares. */
export interface ClaimableBase {
  readonly shares: readonly ClaimableShare[];
  /** Every other share comes after this place in the list; `null`: nobody else has a share. */
  readonly end: ClaimableEnd | null;
}

/** A place among shares: equal ones go by account. */
interface ClaimableEnd {
  readonly wei: bigint;
  /** 20 bytes; `null`: the other share may be as large, of any account. */
  readonly account: Buffer | null;
}

/**
 * Reads the largest shares of a token's open snapshots, the largest first and equal ones by account. Nothing changes
 * them until the next snapshot; callers subtract claims.
 *
 * Nobody has a larger share than the largest balance that it ever had up to the last snapshot gives. So the holders with
 * the largest of these balances settle the beginning of the list.
 *
 * @param turns how many balances to read (`readLargestEver`)
 * @returns `null` if that does not settle anything
 */
export async function readLargestShares(
  db: Queryable,
  open: OpenSnapshots,
  turns: readonly number[],
): Promise<ClaimableBase | null> {
  // Where the contract reverts for large balances, a larger balance may have a smaller share.
  if (open.pools.some(canShareOverflow)) return null;
  const found = await readLargestEver(db, open, turns);
  if (found === null) return null;
  const end = found.end === null ? null : shareEnd(open, found.end);
  const rows = await readShares(db, open, found.accounts);
  const shares = rows
    .map(({ account, wei }): ClaimableShare => ({ account, wei: BigInt(wei ?? 0) }))
    .filter((share) => share.wei > 0n && (end === null || isUpTo(share, end)));
  return { shares: shares.sort(compare), end };
}

/** The shares of all whose balances come after a place. */
function shareEnd(open: OpenSnapshots, { balance, account }: LargestEnd): ClaimableEnd {
  const shareOf = sharesOf(open);
  const wei = shareOf(balance);
  // Where the next smaller balance has the same share, equal shares do not show the order of accounts.
  return { wei, account: shareOf(balance - 1n) < wei ? account : null };
}

function isUpTo(share: ClaimableShare, { wei, account }: ClaimableEnd): boolean {
  if (share.wei !== wei) return share.wei > wei;
  return account !== null && Buffer.compare(share.account, account) <= 0;
}

/** What a balance gives in all open snapshots together, in wei. */
function sharesOf({ pools }: OpenSnapshots): (balance: bigint) => bigint {
  return (balance) => pools.reduce((sum, pool) => sum + snapshotShareWei(pool, balance), 0n);
}

interface PageRow {
  readonly account: Buffer;
  readonly wei: string | null;
}

/**
 * The shares of some accounts: `balanceAt * CA[id] // supplyAt(id)` (ERC-7641 `claimableRevenue`), summed over
 * snapshots.
 */
function readShares(
  db: Queryable,
  { tokenNumber, firstId, lastId, block }: OpenSnapshots,
  accounts: readonly Buffer[],
): Promise<PageRow[]> {
  const walk = checkpointWalk('$1', 'moved k', {
    startingWith: 'b."interval" < $4',
    until: 'w."interval" < $3',
  });
  return readRows<PageRow>(
    db,
    'claimable_shares',
    `WITH RECURSIVE moved AS MATERIALIZED (
       SELECT 0 AS ordinal, account, $2::bigint AS block_number
       FROM unnest($5::bytea[]) AS asked(account)
     ), ${walk}
     SELECT h.account, sum(${shareSql('c.balance')}) AS wei
     FROM moved h
     LEFT JOIN (
       SELECT account, balance, "interval",
         lead("interval") OVER (PARTITION BY account ORDER BY "interval") AS next_interval
       FROM walk
     ) c ON c.account = h.account
     LEFT JOIN snapshot s ON s.token_number = $1 AND s.snapshot_id >= $3 AND s.snapshot_id <= $4
       AND s.snapshot_id > c."interval"
       AND s.snapshot_id <= COALESCE(c.next_interval, s.snapshot_id)
     GROUP BY h.account ORDER BY h.account`,
    [tokenNumber, block, firstId, lastId, accounts],
  );
}

function compare(left: ClaimableShare, right: ClaimableShare): number {
  if (left.wei !== right.wei) return left.wei < right.wei ? 1 : -1;
  return Buffer.compare(left.account, right.account);
}
