import type { ClientBase } from 'pg';
import { type Address, addressBytes } from '../../address.js';
import { copyBytes } from '../../model/copyText.js';
import { byNumber } from './byNumber.js';
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
  await writeBalances(client, holders);
  const paid = holders.filter((holder) => holder.claimedWei > 0n || holder.redeemedWei > 0n);
  for (const [tokenNumber, ofToken] of byNumber(paid, (holder) => holder.tokenNumber)) {
    await addPayments(client, tokenNumber, ofToken);
  }
}

async function writeBalances(client: ClientBase, holders: readonly HolderUpdate[]): Promise<void> {
  // In the order of the index.
  const sorted = holders
    .filter(({ balance }) => balance !== null)
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  if (sorted.length === 0) return;
  await client.query(`CREATE TEMP TABLE holder_update (
    token_number integer, account bytea, balance numeric
  ) ON COMMIT DROP`);
  const lines = new CopyLines();
  for (const { tokenNumber, account, balance } of sorted) {
    lines.append(`${tokenNumber}\t${copyBytes(account)}\t${balance}\n`);
  }
  await copyRows(client, [
    {
      table: 'holder_update',
      columns: 'token_number, account, balance',
      format: 'text',
      rows: lines,
    },
  ]);
  await client.query(`INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
    SELECT token_number, account, balance, 0, 0 FROM holder_update
    ON CONFLICT (token_number, account) DO UPDATE SET balance = EXCLUDED.balance`);
}

/** Adds what holders of one token were paid. */
async function addPayments(
  client: ClientBase,
  tokenNumber: number,
  holders: readonly HolderUpdate[],
): Promise<void> {
  await client.query({
    name: 'add-payments',
    text: `UPDATE holder SET
        claimed_wei = holder.claimed_wei + paid.claimed_wei,
        redeemed_wei = holder.redeemed_wei + paid.redeemed_wei
      FROM unnest($2::bytea[], $3::numeric[], $4::numeric[]) AS paid (account, claimed_wei, redeemed_wei)
      WHERE holder.token_number = $1 AND holder.account = paid.account`,
    values: [
      tokenNumber,
      holders.map(({ account }) => addressBytes(account)),
      holders.map(({ claimedWei }) => claimedWei.toString()),
      holders.map(({ redeemedWei }) => redeemedWei.toString()),
    ],
  });
}
