import { type Address, addressFromBytes } from '../../../address.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { optionalAddress } from '../query/decode.js';

/**
 * The booked balance of a token at the end of a block with untraced money (no call frame shows it).
 */
export interface UntracedBalance {
  readonly token: Address;
  /** `null`: ETH. */
  readonly asset: Address | null;
  readonly block: number;
  /** Wei, or the smallest unit of the asset. */
  readonly balanceWei: bigint;
}

/** Untraced receipts of a chain in a range of blocks, oldest first. */
export async function readUntracedBalances(
  db: SqlClient,
  chainId: number,
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<UntracedBalance[]> {
  const { rows } = await db.query<{
    address: Buffer;
    asset: Buffer | null;
    block_number: number | string;
    balance_wei: string;
  }>(
    `SELECT DISTINCT book.address, book.asset, r.block_number, v.balance_wei
     FROM (SELECT number, address, NULL::bytea AS asset FROM token WHERE chain_id = $1
       UNION ALL SELECT a.number, t.address, a.asset FROM revenue_asset a
         JOIN token t ON t.number = a.token_number WHERE t.chain_id = $1) AS book
     JOIN receipt r ON r.token_number = book.number
       AND r.block_number > $2 AND r.block_number <= $3 AND r.kind = 'untraced'
     JOIN pool_version v ON v.token_number = book.number AND v.block_number = r.block_number
     ORDER BY r.block_number`,
    [chainId, after, upTo],
  );
  return rows.map((row) => ({
    token: addressFromBytes(row.address),
    asset: optionalAddress(row.asset),
    block: Number(row.block_number),
    balanceWei: BigInt(row.balance_wei),
  }));
}

/** The newest block in which a token received untraced money; `null`: none. */
export async function newestUntracedBlock(
  db: SqlClient,
  chainId: number,
  token: Buffer,
): Promise<number | null> {
  const { rows } = await db.query<{ block: number | string | null }>(
    `SELECT max(r.block_number) AS block FROM receipt r
     WHERE r.kind = 'untraced' AND r.token_number IN (
       SELECT number FROM token WHERE chain_id = $1 AND address = $2
       UNION ALL SELECT a.number FROM revenue_asset a JOIN token t ON t.number = a.token_number
         WHERE t.chain_id = $1 AND t.address = $2)`,
    [chainId, token],
  );
  const block = rows[0]?.block ?? null;
  return block === null ? null : Number(block);
}
