import type { ClientBase } from 'pg';
import { type Address, addressBytes } from '../../address.js';
import { ImoError } from '../../errors.js';
import { snapshotShareWei } from '../../ledger/entitlement.js';
import { byNumber } from './byNumber.js';

/** A claim that is being committed. */
export interface ClaimToCheck {
  /** Number of the token, whose balances determine the share. */
  readonly tokenNumber: number;
  /** Number of the books in the paid asset; the token's own for ETH. */
  readonly bookNumber: number;
  readonly holder: Address;
  readonly snapshotId: number;
  readonly amountWei: bigint;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** A claim that did not pay exactly the holder's share. */
export interface WrongClaim {
  readonly claim: ClaimToCheck;
  /** ImoError `LEDGER_PAYMENT_DIFFERS`, naming the claim. */
  readonly error: ImoError;
}

/**
 * Compares claims with the checkpoints in the caller's transaction, so that a payment that is not
 * the holder's exact share is never committed.
 *
 * @returns the first wrong claim of a token; `null` if all are right
 */
export async function wrongClaim(
  client: ClientBase,
  claims: readonly ClaimToCheck[],
): Promise<WrongClaim | null> {
  for (const [tokenNumber, ofToken] of byNumber(claims, (claim) => claim.tokenNumber)) {
    const wrong = await wrongClaimOf(client, tokenNumber, ofToken);
    if (wrong !== null) return wrong;
  }
  return null;
}

async function wrongClaimOf(
  client: ClientBase,
  tokenNumber: number,
  claims: readonly ClaimToCheck[],
): Promise<WrongClaim | null> {
  const { rows } = await client.query<{
    claimable_wei: string;
    supply: string;
    balance: string | null;
  }>({
    name: 'claim-shares',
    text: `SELECT snapshot.claimable_wei, snapshot.supply, at.balance
      FROM unnest($2::int[], $3::bytea[], $4::int[]) WITH ORDINALITY
        AS claim (book_number, holder, snapshot_id, ordinal)
      JOIN snapshot ON snapshot.token_number = claim.book_number
        AND snapshot.snapshot_id = claim.snapshot_id
      LEFT JOIN LATERAL (
        SELECT balance FROM balance_checkpoint
        WHERE account = claim.holder AND token_number = $1 AND "interval" < claim.snapshot_id
        ORDER BY block_number DESC, "interval" DESC LIMIT 1
      ) AS at ON true
      ORDER BY claim.ordinal`,
    values: [
      tokenNumber,
      claims.map((claim) => claim.bookNumber),
      claims.map((claim) => addressBytes(claim.holder)),
      claims.map((claim) => claim.snapshotId),
    ],
  });
  for (const [index, claim] of claims.entries()) {
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
      const error = new ImoError(
        'LEDGER_PAYMENT_DIFFERS',
        `${claim.holder} was paid ${claim.amountWei} wei for snapshot ${claim.snapshotId} in ` +
          `${claim.transactionHash}, its share is ${shareWei}`,
        'The contract does not follow its policy, or an earlier operation was missed. Correct `policy` in the config, or report the contract.',
      );
      return { claim, error };
    }
  }
  return null;
}
