import { canShareOverflow, snapshotShareWei } from '../../../ledger/entitlement.js';
import type { SnapshotPool } from '../../../ledger/state.js';
import { type ChainMoment, readReplaced } from '../chains/replaced.js';
import { readLargestEver } from '../holders/balanceWalk.js';
import { checkpointWalk } from '../holders/checkpointWalk.js';
import { CACHED_CURSOR, type CursorColumns, StaleMomentError } from '../holders/holderCache.js';
import { hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { SnapshotSpan } from '../tokens/snapshotBalances.js';
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
  /** Whether the list is complete: nobody else has a share. */
  readonly isWhole: boolean;
}

/** Everything that the shares depend on. */
export interface OpenSnapshots extends SnapshotSpan {
  readonly chainId: number;
  /** Of each snapshot from `firstId` to `lastId`. */
  readonly pools: readonly SnapshotPool[];
}

/** Small enough that a statement takes a fraction of a second. */
const ACCOUNTS_PER_PAGE = 10_000;
const ATTEMPTS = 3;
/** More holders than any token has. */
const EVERYBODY = 2_147_483_647;

/**
 * Reads the largest shares of a token's open snapshots, the largest first and equal ones by
 * account. Nothing changes them until the next snapshot; callers subtract claims.
 *
 * A holder who has not moved a token since the first open snapshot had the current balance at every
 * open snapshot, and a larger balance never has a smaller share. The first of these holders come
 * from the index by balance. Holders who moved tokens since are all read.
 *
 * @param most limits of holders who did not move, and of all together
 * @throws StaleMomentError if a reorg interrupted each attempt
 */
export async function readClaimableBase(
  db: Queryable,
  open: OpenSnapshots,
  most: number,
): Promise<ClaimableBase> {
  // Where the contract reverts for large balances, a larger balance may have a smaller share.
  const looked = open.pools.some(canShareOverflow) ? EVERYBODY : most;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const { largest, moment } = await readLargestHolders(db, open, looked);
    const base = await baseOf(db, open, { largest, isWhole: largest.length < looked }, most);
    // Holders who had moved by then were read as such, unless a reorg undid their transfer.
    const [isReplaced] = await readReplaced(db, [moment]);
    if (isReplaced === false) return base;
  }
  throw new StaleMomentError(`chain ${open.chainId} was reorganised ${ATTEMPTS} times`);
}

async function baseOf(
  db: Queryable,
  open: OpenSnapshots,
  { largest, isWhole: isEverybody }: { largest: readonly LargeHolder[]; isWhole: boolean },
  most: number,
): Promise<ClaimableBase> {
  const shareOf = sharesOf(open);
  let shares = largest.flatMap(({ account, balance, hasMoved }): ClaimableShare[] =>
    hasMoved ? [] : [{ account, wei: shareOf(balance) }],
  );
  // The remaining holders have at most this share.
  const last = isEverybody ? undefined : largest.at(-1);
  const leastWei = last === undefined ? 1n : shareOf(last.balance);
  let isWhole = last === undefined;
  const cut = () => {
    shares.sort(compare);
    if (shares.length <= most) return;
    isWhole = false;
    shares = shares.slice(0, most);
  };
  let after: Buffer | undefined = Buffer.alloc(0);
  while (after !== undefined) {
    const rows: PageRow[] = await readMoved(db, open, after);
    for (const { account, wei } of rows) {
      const share = BigInt(wei ?? 0);
      if (share >= leastWei) shares.push({ account, wei: share });
    }
    if (shares.length > 2 * most) cut();
    after = rows.length < ACCOUNTS_PER_PAGE ? undefined : rows.at(-1)?.account;
  }
  cut();
  return { shares: shares.filter(({ wei }) => wei >= leastWei && wei > 0n), isWhole };
}

/**
 * Reads the largest shares without looking at everybody: nobody has a larger share than the largest balance that it ever
 * had up to the last snapshot gives. So the holders with the largest of these balances settle the beginning of the list.
 *
 * @param balances how many to read
 * @returns `null` if that does not settle anything: then `readClaimableBase` does
 */
export async function readLargestShares(
  db: Queryable,
  open: OpenSnapshots,
  balances: number,
): Promise<ClaimableBase | null> {
  // Where the contract reverts for large balances, a larger balance may have a smaller share.
  if (open.pools.some(canShareOverflow)) return null;
  const found = await readLargestEver(db, open, balances);
  if (found === null) return null;
  const { accounts, othersAtMost } = found;
  const leastWei = othersAtMost === null ? 1n : sharesOf(open)(othersAtMost) || 1n;
  const rows = await readShares(db, open, accounts);
  const shares = rows.flatMap(({ account, wei }): ClaimableShare[] => {
    const share = BigInt(wei ?? 0);
    return share >= leastWei ? [{ account, wei: share }] : [];
  });
  return { shares: shares.sort(compare), isWhole: othersAtMost === null };
}

/** What a balance gives in all open snapshots together, in wei. */
function sharesOf({ pools }: OpenSnapshots): (balance: bigint) => bigint {
  return (balance) => pools.reduce((sum, pool) => sum + snapshotShareWei(pool, balance), 0n);
}

interface LargeHolder {
  readonly account: Buffer;
  /** Token units, current balance. */
  readonly balance: bigint;
  /** Whether its balance changed since the first open snapshot. */
  readonly hasMoved: boolean;
}

/** The largest holders, all at one instant, and the newest block at that instant. */
async function readLargestHolders(
  db: Queryable,
  { chainId, tokenNumber, firstId }: OpenSnapshots,
  most: number,
): Promise<{ largest: LargeHolder[]; moment: ChainMoment }> {
  const rows = await readRows<
    CursorColumns & {
      readonly account: Buffer | null;
      readonly balance: string | null;
      readonly has_moved: boolean;
    }
  >(
    db,
    'claimable_largest',
    `SELECT c.height, c.hash, h.account, h.balance, EXISTS (
       SELECT FROM balance_checkpoint b
       WHERE b.account = h.account AND b.token_number = $2 AND b."interval" >= $3
     ) AS has_moved
     FROM ${CACHED_CURSOR} c
     LEFT JOIN (
       SELECT account, balance FROM holder WHERE token_number = $2 AND balance > 0
       ORDER BY balance DESC, account LIMIT $4
     ) h ON true
     WHERE c.chain_id = $1 ORDER BY h.balance DESC, h.account`,
    [chainId, tokenNumber, firstId, most],
  );
  const [head] = rows;
  if (head === undefined) throw new StaleMomentError(`chain ${chainId} has no block any more`);
  return {
    moment: { chainId, block: head.height, hash: hexOf(head.hash) },
    largest: rows.flatMap(({ account, balance, has_moved }) =>
      account === null || balance === null
        ? []
        : [{ account, balance: BigInt(balance), hasMoved: has_moved }],
    ),
  };
}

interface PageRow {
  readonly account: Buffer;
  readonly wei: string | null;
}

/**
 * The shares of holders whose balance changed since the first open snapshot, in the order of
 * accounts: `balanceAt * CA[id] // supplyAt(id)` (ERC-7641 `claimableRevenue`), summed over
 * snapshots.
 */
function readMoved(
  db: Queryable,
  { tokenNumber, firstId, lastId, block }: SnapshotSpan,
  after: Buffer,
): Promise<PageRow[]> {
  return readRows<PageRow>(
    db,
    'claimable_moved',
    sharesSql(`SELECT DISTINCT 0 AS ordinal, token_number, account, $2::bigint AS block_number
       FROM balance_checkpoint
       WHERE account > $5 AND token_number = $1 AND "interval" >= $3
       ORDER BY account LIMIT $6`),
    [tokenNumber, block, firstId, lastId, after, ACCOUNTS_PER_PAGE],
  );
}

/** The same of some accounts. */
function readShares(
  db: Queryable,
  { tokenNumber, firstId, lastId, block }: SnapshotSpan,
  accounts: readonly Buffer[],
): Promise<PageRow[]> {
  return readRows<PageRow>(
    db,
    'claimable_shares',
    sharesSql(`SELECT 0 AS ordinal, $1::integer AS token_number, account,
         $2::bigint AS block_number
       FROM unnest($5::bytea[]) AS asked(account)`),
    [tokenNumber, block, firstId, lastId, accounts],
  );
}

/** @param holders SELECT of their ordinals, tokens, accounts and the block */
function sharesSql(holders: string): string {
  const walk = checkpointWalk('moved k', {
    startingWith: 'b."interval" < $4',
    until: 'w."interval" < $3',
  });
  return `WITH RECURSIVE moved AS MATERIALIZED (
       ${holders}
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
     GROUP BY h.account ORDER BY h.account`;
}

function compare(left: ClaimableShare, right: ClaimableShare): number {
  if (left.wei !== right.wei) return left.wei < right.wei ? 1 : -1;
  return Buffer.compare(left.account, right.account);
}
