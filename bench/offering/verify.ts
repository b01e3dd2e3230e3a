import { hashNextBlocks, readHashPoint } from '../../src/store/ledgerHash/hashChain.js';
import { withClient } from '../ingest/databases.js';
import { differingHolders } from '../ingest/verify.js';
import { CHAIN_ID } from '../node/spec.js';
import type { ChainTruth } from '../node/truth.js';

/**
 * Compares the books of an offering with the chain: rows of each kind, and the last figures of the token.
 *
 * @returns the ledger hash, by which two books are compared row by row
 * @throws Error if they differ
 */
export function verifyBooks(
  databaseUrl: string,
  { made, transfers, tokens: [token] }: ChainTruth,
): Promise<string> {
  return withClient(databaseUrl, async (db) => {
    const count = (table: string) => `SELECT count(*)::text FROM ${table}`;
    const newest = (column: string) =>
      `SELECT ${column}::text FROM pool_version ORDER BY id DESC LIMIT 1`;
    const wanted: [string, string | number | undefined][] = [
      [count('transfer'), transfers],
      [count('claim'), made.claim],
      [count('redemption'), made.burn],
      [count('oracle_request'), made.request],
      [count('aigc_token'), made.mint],
      [count('sale_entry'), made.purchase],
      [count('snapshot'), token?.snapshots],
      [count('model_payout'), made.settlement],
      [count('receipt'), made.receipt + made.mint + made.settlement],
      [newest('balance_wei'), token?.balanceWei],
      [newest('supply'), token?.supply],
      [newest('redeem_pool_wei'), token?.redeemPoolWei],
      ['SELECT sum(balance)::text FROM holder', token?.supply],
      [differingHolders, 0],
    ];
    for (const [sql, value] of wanted) {
      const { rows } = await db.query<unknown[]>({ text: sql, rowMode: 'array' });
      const found = rows[0]?.[0];
      if (String(found) !== String(value)) throw new Error(`${sql}: ${found} instead of ${value}`);
    }
    while (await hashNextBlocks(db, CHAIN_ID));
    return (await readHashPoint(db, CHAIN_ID))?.hash ?? '';
  });
}
