/** Where a walk over the balances of holders starts, and where it may end. */
export interface WalkOptions {
  /** SQL condition on checkpoint `b`: the first one of a holder must pass it. */
  readonly startingWith?: string;
  /** SQL condition on the walk so far, `w`: no earlier checkpoint is needed. */
  readonly until?: string;
}

/**
 * SQL of `walk`, a recursive query over the balances of holders (docs/domain.md#balances). It
 * returns the newest checkpoint up to a block, then the newest of each earlier interval in which
 * the balance changed. Each row costs one index probe, however many transfers lie between them:
 * interval `i` started in the block of snapshot `i`, so the search for the previous checkpoint
 * starts there.
 *
 * @param token SQL of the number of their token, a parameter
 * @param holders a FROM item `k(ordinal, account, block_number)`
 */
export function checkpointWalk(
  token: string,
  holders: string,
  { startingWith = 'true', until = 'false' }: WalkOptions = {},
): string {
  return `walk AS (
    SELECT k.ordinal, k.account, c."interval", c.balance
    FROM ${holders}
    CROSS JOIN LATERAL (${newestCheckpoint(token, 'k', 'k.block_number', startingWith)}) c
    UNION ALL
    SELECT w.ordinal, w.account, c."interval", c.balance
    FROM walk w
    JOIN snapshot s ON s.token_number = ${token} AND s.snapshot_id = w."interval"
    CROSS JOIN LATERAL (
      ${newestCheckpoint(token, 'w', 's.block_number', 'b."interval" < w."interval"')}
    ) c
    WHERE NOT (${until})
  )`;
}

/**
 * SQL of the newest checkpoint of `holder.account` in a token up to a block.
 *
 * @param token SQL of its number, a parameter
 */
export function newestCheckpoint(
  token: string,
  holder: string,
  block: string,
  condition = 'true',
): string {
  return `SELECT b."interval", b.balance FROM balance_checkpoint b
    WHERE b.account = ${holder}.account AND b.token_number = ${token}
      AND b.block_number <= ${block} AND ${condition}
    ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1`;
}
