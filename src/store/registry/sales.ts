import { type Address, addressBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';
import { tokenId } from '../ids.js';
import { insertContract } from './contracts.js';

/** A sale that is about to be indexed for the first time. */
export interface NewSale {
  readonly address: Address;
  readonly kind: string;
  readonly label: string | null;
  readonly token: Address;
  /** `null` for the chain's own coin. */
  readonly raiseAsset: Address | null;
  readonly target: bigint | null;
  readonly tokensForSale: bigint | null;
  /** Unix seconds. */
  readonly startsAt: bigint | null;
  readonly endsAt: bigint | null;
  readonly startBlock: number;
  /** What the config said of a custom sale, as JSON: the entries were made by it. */
  readonly mapping: string | null;
}

/** Adds a sale, also to the contracts, and returns its number. */
export async function insertSale(db: SqlClient, chainId: number, sale: NewSale): Promise<number> {
  const { address, label, startBlock } = sale;
  const number = await insertContract(db, chainId, { address, kind: 'sale', label, startBlock });
  await db.query(
    `INSERT INTO sale (id, number, chain_id, address, kind, label, token, raise_asset, target,
       tokens_for_sale, starts_at, ends_at, start_block, mapping)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      tokenId(chainId, address),
      number,
      chainId,
      addressBytes(address),
      sale.kind,
      label,
      addressBytes(sale.token),
      sale.raiseAsset === null ? null : addressBytes(sale.raiseAsset),
      sale.target,
      sale.tokensForSale,
      sale.startsAt,
      sale.endsAt,
      startBlock,
      sale.mapping,
    ],
  );
  return number;
}
