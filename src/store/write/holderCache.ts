import type { ClientBase } from 'pg';
import { type Address, addressBytes } from '../../address.js';
import { byNumber } from './byNumber.js';
import { BinaryTable } from './copy/binaryRows.js';
import { writeHex } from './copy/binaryValues.js';
import { RowBuffer } from './rows/rowBuffer.js';

const BALANCE = new BinaryTable(
  'holder_update',
  { account: 20, token_number: 4 },
  'balance',
  'account',
);

/** Wei paid to a holder since the last commit. */
export interface PaidHolder {
  readonly tokenNumber: number;
  readonly account: Address;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/**
 * What changed for holders since the last commit, for the cache that orders lists. A commit of a backfill changes
 * hundreds of thousands of balances, so they are rows of COPY at once.
 */
export class HolderUpdates {
  private readonly rows = new RowBuffer();

  /** @param paid each holder once */
  constructor(private readonly paid: readonly PaidHolder[]) {}

  /** Adds a balance, in token units; each holder of a token once. */
  add(tokenNumber: number, account: Address, balance: bigint): void {
    const { bytes, at } = BALANCE;
    writeHex(bytes, at.account, account);
    bytes.writeInt32BE(tokenNumber, at.token_number);
    this.rows.appendBinary(BALANCE, balance);
  }

  /** Brings the cache up to date inside the caller's transaction. */
  async write(client: ClientBase): Promise<void> {
    await this.writeBalances(client);
    for (const [tokenNumber, ofToken] of byNumber(this.paid, (paid) => paid.tokenNumber)) {
      await addPayments(client, tokenNumber, ofToken);
    }
  }

  private async writeBalances(client: ClientBase): Promise<void> {
    if (this.rows.size === 0) return;
    await client.query(`CREATE TEMP TABLE holder_update (
      token_number integer, account bytea, balance numeric
    ) ON COMMIT DROP`);
    await this.rows.write(client);
    await client.query(`INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
      SELECT token_number, account, balance, 0, 0 FROM holder_update
      ON CONFLICT (token_number, account) DO UPDATE SET balance = EXCLUDED.balance`);
  }
}

/** Adds what holders of one token were paid. */
async function addPayments(
  client: ClientBase,
  tokenNumber: number,
  holders: readonly PaidHolder[],
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
