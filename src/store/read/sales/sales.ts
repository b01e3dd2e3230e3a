import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { SaleTerms } from '../../../ledger/sales/sale.js';
import { optionalAddress } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A sale that is indexed, with its fixed terms. */
export interface SaleRecord {
  /** Our number of it; ids of its rows begin with it. */
  readonly number: number;
  readonly chainId: number;
  readonly address: Address;
  /** Name of its adapter. */
  readonly kind: string;
  readonly label: string | null;
  readonly token: Address;
  /** `null` for the chain's own coin. */
  readonly raiseAsset: Address | null;
  readonly terms: SaleTerms;
  /** Unix seconds; `null` where the kind of sale has no window that we know. */
  readonly startsAt: bigint | null;
  readonly endsAt: bigint | null;
  readonly startBlock: number;
  readonly mapping: string | null;
}

interface Row {
  readonly number: number;
  readonly chain_id: number;
  readonly address: Buffer;
  readonly kind: string;
  readonly label: string | null;
  readonly token: Buffer;
  readonly raise_asset: Buffer | null;
  readonly target: string | null;
  readonly tokens_for_sale: string | null;
  readonly starts_at: string | null;
  readonly ends_at: string | null;
  readonly start_block: number;
  readonly mapping: string | null;
}

/** The indexed sales, in the order of first indexing: all, those of a chain, or of an address. */
export async function readSales(
  db: Queryable,
  filter: { chainId?: number | null; address?: Address | null } = {},
): Promise<SaleRecord[]> {
  const rows = await readRows<Row>(
    db,
    'sales',
    `SELECT number, chain_id, address, kind, label, token, raise_asset, target, tokens_for_sale,
       starts_at, ends_at, start_block, mapping
     FROM sale
     WHERE ($1::bigint IS NULL OR chain_id = $1) AND ($2::bytea IS NULL OR address = $2)
     ORDER BY number`,
    [filter.chainId ?? null, filter.address == null ? null : addressBytes(filter.address)],
  );
  return rows.map(decode);
}

function decode(row: Row): SaleRecord {
  const { target, tokens_for_sale: tokensForSale } = row;
  return {
    number: row.number,
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    kind: row.kind,
    label: row.label,
    token: addressFromBytes(row.token),
    raiseAsset: optionalAddress(row.raise_asset),
    terms:
      target === null || tokensForSale === null
        ? null
        : { target: BigInt(target), tokensForSale: BigInt(tokensForSale) },
    startsAt: row.starts_at === null ? null : BigInt(row.starts_at),
    endsAt: row.ends_at === null ? null : BigInt(row.ends_at),
    startBlock: row.start_block,
    mapping: row.mapping,
  };
}
