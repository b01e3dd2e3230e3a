import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import { copyBytes, NULL } from '../../model/copyText.js';
import { copyRows } from './copy/copy.js';
import { CopyLines } from './copy/copyLines.js';

/** A holder's newest state, for the cache that orders lists. */
export interface HolderUpdate {
  readonly tokenNumber: number;
  readonly account: Address;
  /** Token units; `null`: unchanged. */
  readonly balance: bigint | null;
  /** Wei paid since the last commit. */
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/** Brings the cache up to date inside the caller's transaction. */
export async function updateHolders(
  client: ClientBase,
  holders: readonly HolderUpdate[],
): Promise<void> {
  if (holders.length === 0) return;
  await client.query(`CREATE TEMP TABLE holder_update (
    token_number integer, account bytea, balance numeric, claimed_wei numeric, redeemed_wei numeric
  ) ON COMMIT DROP`);
  const lines = new CopyLines();
  // In the order of the index.
  const sorted = [...holders].sort((a, b) => (a.account < b.account ? -1 : 1));
  for (const holder of sorted) {
    lines.append(
      `${holder.tokenNumber}\t${copyBytes(holder.account)}\t${holder.balance ?? NULL}\t` +
        `${holder.claimedWei}\t${holder.redeemedWei}\n`,
    );
  }
  await copyRows(client, [
    {
      table: 'holder_update',
      columns: 'token_number, account, balance, claimed_wei, redeemed_wei',
      format: 'text',
      rows: lines,
    },
  ]);
  await client.query(`INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
    SELECT token_number, account, balance, 0, 0 FROM holder_update WHERE balance IS NOT NULL
    ON CONFLICT (token_number, account) DO UPDATE SET balance = EXCLUDED.balance`);
  if (holders.some((holder) => holder.claimedWei > 0n || holder.redeemedWei > 0n)) {
    await client.query(`UPDATE holder SET
        claimed_wei = holder.claimed_wei + paid.claimed_wei,
        redeemed_wei = holder.redeemed_wei + paid.redeemed_wei
      FROM holder_update AS paid
      WHERE (paid.claimed_wei > 0 OR paid.redeemed_wei > 0)
        AND holder.token_number = paid.token_number AND holder.account = paid.account`);
  }
}
