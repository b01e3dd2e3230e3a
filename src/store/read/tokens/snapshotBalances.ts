import type { BalanceCheckpoint } from '../../../ledger/entitlement.js';
import { checkpointWalk } from '../holders/checkpointWalk.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A range of a token's snapshots: from `firstId` to the one taken in `block`. */
export interface SnapshotSpan {
  readonly tokenNumber: number;
  readonly firstId: number;
  readonly lastId: number;
  /** Block of snapshot `lastId`. */
  readonly block: number;
}

/** Checkpoints newest first, by account. */
export type SnapshotBalances = ReadonlyMap<string, readonly BalanceCheckpoint[]>;

interface Row {
  readonly account: Buffer;
  readonly interval: number;
  readonly balance: string;
}

/**
 * Returns the balances of all holders that a token's snapshots refer to. They never change after
 * the last of these snapshots, so callers may cache them while its block is part of the chain.
 */
export async function readSnapshotBalances(
  db: Queryable,
  { tokenNumber, firstId, lastId, block }: SnapshotSpan,
): Promise<SnapshotBalances> {
  // `holder` has a row for every account that was ever touched, so it lists them all.
  const holders = `(
    SELECT 0 AS ordinal, token_number, account, $2::bigint AS block_number
    FROM holder WHERE token_number = $1
  ) k`;
  const walk = checkpointWalk(holders, {
    startingWith: 'b."interval" < $4',
    until: 'w."interval" < $3',
  });
  const rows = await readRows<Row>(
    db,
    'snapshot_balances',
    `WITH RECURSIVE ${walk} SELECT account, "interval", balance FROM walk`,
    [tokenNumber, block, firstId, lastId],
  );
  const balances = new Map<string, BalanceCheckpoint[]>();
  for (const { account, interval, balance } of rows) {
    const name = accountName(account);
    const checkpoint = { interval, balance: BigInt(balance) };
    const known = balances.get(name);
    if (known === undefined) balances.set(name, [checkpoint]);
    else known.push(checkpoint);
  }
  for (const checkpoints of balances.values()) {
    checkpoints.sort((left, right) => right.interval - left.interval);
  }
  return balances;
}

/** An account as a key of a map: faster to make and smaller than hex. */
export function accountName(account: Buffer): string {
  return account.toString('latin1');
}
