import type { ClientBase } from 'pg';

/**
 * Deletes the kept days of some tokens that blocks above a height prove, in the caller's transaction. All of
 * them are final, so only a reorg deeper than finality finds any.
 */
export async function rollBackDays(
  client: ClientBase,
  tokenNumbers: readonly number[],
  height: number,
): Promise<void> {
  const above = 'token_number = ANY($1) AND block_number > $2';
  const values = [tokenNumbers, height];
  await client.query(`DELETE FROM transfer_day WHERE ${above}`, values);
  const { rowCount } = await client.query(`DELETE FROM rank_day WHERE ${above}`, values);
  if (rowCount !== 0) await client.query(`DELETE FROM rank_change WHERE ${above}`, values);
}
