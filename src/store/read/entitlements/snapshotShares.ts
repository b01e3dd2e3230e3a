import type { SnapshotShare } from '../../../proofs/entitlementLeaf.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { shareSql } from './shareSql.js';

/** A snapshot whose shares are read. */
export interface SharedSnapshot {
  /** The token whose balances determine the shares. */
  readonly tokenNumber: number;
  /** The token's books in the asset that is shared. */
  readonly bookNumber: number;
  readonly snapshotId: number;
}

const FIRST_ACCOUNT = Buffer.alloc(0);
/** Small enough that a statement takes a fraction of a second. */
const ACCOUNTS_PER_PAGE = 10_000;

interface Row {
  readonly account: Buffer;
  readonly share: string | null;
}

/** The shares of a snapshot that are not 0, in pages, ordered by account. */
export async function* readSnapshotShares(
  db: Queryable,
  { tokenNumber, bookNumber, snapshotId }: SharedSnapshot,
): AsyncGenerator<SnapshotShare[]> {
  let after: Buffer | undefined = FIRST_ACCOUNT;
  while (after !== undefined) {
    const rows: Row[] = await readRows<Row>(
      db,
      'snapshot_shares',
      `SELECT h.account, ${SHARE} AS share
       FROM (
         SELECT account FROM holder
         WHERE token_number = $1 AND account > $4 ORDER BY account LIMIT $5
       ) h
       JOIN snapshot s ON s.token_number = $2 AND s.snapshot_id = $3
       LEFT JOIN LATERAL (${BALANCE_AT}) c ON true
       ORDER BY h.account`,
      [tokenNumber, bookNumber, snapshotId, after, ACCOUNTS_PER_PAGE],
    );
    yield rows.flatMap(decode);
    after = rows.length < ACCOUNTS_PER_PAGE ? undefined : rows.at(-1)?.account;
  }
}

/** The share of one account; `null` if it has none. */
export async function readSnapshotShare(
  db: Queryable,
  { tokenNumber, bookNumber, snapshotId }: SharedSnapshot,
  account: Buffer,
): Promise<SnapshotShare | null> {
  const rows = await readRows<Row>(
    db,
    'snapshot_share',
    `SELECT h.account, ${SHARE} AS share
     FROM (SELECT $4::bytea AS account) h
     JOIN snapshot s ON s.token_number = $2 AND s.snapshot_id = $3
     CROSS JOIN LATERAL (${BALANCE_AT}) c`,
    [tokenNumber, bookNumber, snapshotId, account],
  );
  return rows.flatMap(decode)[0] ?? null;
}

const SHARE = shareSql('c.balance');

/** The newest balance of an interval before the snapshot's own (docs/domain.md#balances). */
const BALANCE_AT = `SELECT b.balance FROM balance_checkpoint b
  WHERE b.account = h.account AND b.token_number = $1
    AND b.block_number <= s.block_number AND b."interval" < s.snapshot_id
  ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1`;

function decode({ account, share }: Row): SnapshotShare[] {
  const shareWei = BigInt(share ?? 0);
  return shareWei > 0n ? [{ account, shareWei }] : [];
}
