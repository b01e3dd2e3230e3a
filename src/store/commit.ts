import type { ClientBase } from 'pg';
import { type Address, addressBytes } from '../address.js';
import { ImoError } from '../errors.js';
import { snapshotShareWei } from '../ledger/entitlement.js';
import { copyBytes, copyRows, NULL } from './copy.js';
import type { ClaimRow, RowBuffer } from './rows.js';

/** A holder's newest state, for the cache that lists are ordered by. */
export interface HolderUpdate {
  readonly tokenNumber: number;
  readonly account: Address;
  /** Token units; `null`: unchanged. */
  readonly balance: bigint | null;
  /** Wei paid since the last commit. */
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/**
 * Writes rows and holder states inside the caller's transaction, then checks every claim
 * among them against the checkpoints, so that a payment that is not the holder's exact
 * share is never committed.
 */
export async function writeRows(
  client: ClientBase,
  rows: RowBuffer,
  holders: readonly HolderUpdate[],
): Promise<void> {
  for (const table of rows.tables()) {
    if (table.table === 'block') await insertBlocks(client, table.columns, table.lines);
    else await copyRows(client, table);
  }
  await updateHolders(client, holders);
  await verifyClaims(client, rows.claims);
}

/** A block may be known already: money without a transaction can be found in it later. */
async function insertBlocks(client: ClientBase, columns: string, lines: string[]): Promise<void> {
  if (lines.length === 0) return;
  await client.query('CREATE TEMP TABLE new_block (LIKE block) ON COMMIT DROP');
  await copyRows(client, { table: 'new_block', columns, lines });
  await client.query('INSERT INTO block SELECT * FROM new_block ON CONFLICT DO NOTHING');
}

async function updateHolders(client: ClientBase, holders: readonly HolderUpdate[]): Promise<void> {
  if (holders.length === 0) return;
  await client.query(`CREATE TEMP TABLE holder_update (
    token_number integer, account bytea, balance numeric, claimed_wei numeric, redeemed_wei numeric
  ) ON COMMIT DROP`);
  await copyRows(client, {
    table: 'holder_update',
    columns: 'token_number, account, balance, claimed_wei, redeemed_wei',
    lines: holders.map(
      (holder) =>
        `${holder.tokenNumber}\t${copyBytes(holder.account)}\t${holder.balance ?? NULL}\t` +
        `${holder.claimedWei}\t${holder.redeemedWei}\n`,
    ),
  });
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

/** @throws ImoError `LEDGER_PAYMENT_DIFFERS`, naming the claim. */
async function verifyClaims(client: ClientBase, claims: readonly ClaimRow[]): Promise<void> {
  if (claims.length === 0) return;
  const { rows } = await client.query<{
    claimable_wei: string;
    supply: string;
    balance: string | null;
  }>({
    name: 'claim-shares',
    text: `SELECT snapshot.claimable_wei, snapshot.supply, at.balance
      FROM unnest($1::int[], $2::bytea[], $3::int[]) WITH ORDINALITY
        AS claim (token_number, holder, snapshot_id, ordinal)
      JOIN snapshot USING (token_number, snapshot_id)
      LEFT JOIN LATERAL (
        SELECT balance FROM balance_checkpoint
        WHERE account = claim.holder AND token_number = claim.token_number
          AND "interval" < claim.snapshot_id
        ORDER BY block_number DESC, "interval" DESC LIMIT 1
      ) AS at ON true
      ORDER BY claim.ordinal`,
    values: [
      claims.map((claim) => claim.tokenNumber),
      claims.map((claim) => addressBytes(claim.holder)),
      claims.map((claim) => claim.snapshotId),
    ],
  });
  claims.forEach((claim, index) => {
    const row = rows[index];
    const shareWei =
      row === undefined
        ? 0n
        : snapshotShareWei(
            {
              claimableWei: BigInt(row.claimable_wei),
              supply: BigInt(row.supply),
              claimedWei: 0n,
            },
            BigInt(row.balance ?? 0),
          );
    if (shareWei !== claim.amountWei) {
      throw new ImoError(
        'LEDGER_PAYMENT_DIFFERS',
        `${claim.holder} was paid ${claim.amountWei} wei for snapshot ${claim.snapshotId} in ` +
          `${claim.transactionHash}, its share is ${shareWei}`,
        'The contract does not follow its policy, or an operation before this one was missed.',
      );
    }
  });
}
