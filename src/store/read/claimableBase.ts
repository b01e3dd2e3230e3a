import { checkpointWalk } from './checkpointWalk.js';
import type { Queryable } from './queryable.js';
import type { SnapshotSpan } from './snapshotBalances.js';
import { readRows } from './statement.js';

/** A holder's shares of all open snapshots together, as if none of them were claimed. */
export interface ClaimableShare {
  /** 20 bytes. */
  readonly account: Buffer;
  readonly wei: bigint;
}

/** The beginning of the list of all of them. */
export interface ClaimableBase {
  readonly shares: readonly ClaimableShare[];
  /** Whether nobody else has a share. */
  readonly isWhole: boolean;
}

/** Small enough that a statement takes a fraction of a second. */
const ACCOUNTS_PER_PAGE = 10_000;

/**
 * The shares of a token's open snapshots: of everybody who has any, the `most` largest, the
 * largest first; equal ones by account. Until the next snapshot nothing changes them: claims are taken off by
 * whoever asks.
 */
export async function readClaimableBase(
  db: Queryable,
  span: SnapshotSpan,
  most: number,
): Promise<ClaimableBase> {
  let shares: ClaimableShare[] = [];
  let isWhole = true;
  const cut = () => {
    shares.sort(compare);
    if (shares.length <= most) return;
    isWhole = false;
    shares = shares.slice(0, most);
  };
  let after: Buffer | undefined = Buffer.alloc(0);
  while (after !== undefined) {
    const rows: PageRow[] = await readPage(db, span, after);
    for (const { account, wei } of rows) {
      const share = BigInt(wei ?? 0);
      if (share > 0n) shares.push({ account, wei: share });
    }
    if (shares.length > 2 * most) cut();
    after = rows.length < ACCOUNTS_PER_PAGE ? undefined : rows.at(-1)?.account;
  }
  cut();
  return { shares, isWhole };
}

interface PageRow {
  readonly account: Buffer;
  readonly wei: string | null;
}

/** `balanceAt * CA[id] // supplyAt(id)` (ERC-7641 `claimableRevenue`), summed over snapshots. */
function readPage(
  db: Queryable,
  { tokenNumber, firstId, lastId, block }: SnapshotSpan,
  after: Buffer,
): Promise<PageRow[]> {
  const holders = `(
    SELECT 0 AS ordinal, token_number, account, $2::integer AS block_number
    FROM holder WHERE token_number = $1 AND account > $5 ORDER BY account LIMIT $6
  ) k`;
  const walk = checkpointWalk(holders, {
    startingWith: 'b."interval" < $4',
    until: 'w."interval" < $3',
  });
  return readRows<PageRow>(
    db,
    'claimable_base',
    `WITH RECURSIVE ${walk}
     SELECT h.account, sum(div(c.balance * s.claimable_wei, nullif(s.supply, 0))) AS wei
     FROM (
       SELECT account FROM holder
       WHERE token_number = $1 AND account > $5 ORDER BY account LIMIT $6
     ) h
     LEFT JOIN (
       SELECT account, balance, "interval",
         lead("interval") OVER (PARTITION BY account ORDER BY "interval") AS next_interval
       FROM walk
     ) c ON c.account = h.account
     LEFT JOIN snapshot s ON s.token_number = $1 AND s.snapshot_id >= $3 AND s.snapshot_id <= $4
       AND s.snapshot_id > c."interval"
       AND s.snapshot_id <= COALESCE(c.next_interval, s.snapshot_id)
     GROUP BY h.account ORDER BY h.account`,
    [tokenNumber, block, firstId, lastId, after, ACCOUNTS_PER_PAGE],
  );
}

function compare(left: ClaimableShare, right: ClaimableShare): number {
  if (left.wei !== right.wei) return left.wei < right.wei ? 1 : -1;
  return Buffer.compare(left.account, right.account);
}
