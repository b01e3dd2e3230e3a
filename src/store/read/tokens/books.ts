import { type Address, addressFromBytes } from '../../../address.js';
import { optionalAddress } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Books of a token: those in ETH, or in an asset that it shares. */
export interface BookOfKey {
  readonly number: number;
  readonly token: Address;
  /** `null`: ETH. */
  readonly asset: Address | null;
  /** Whether the token's books continue. */
  readonly isLive: boolean;
}

/** The books of a chain, by their numbers. @param key of the books: of the live ones, the chain id */
export async function readBooksOfKey(db: Queryable, key: number): Promise<BookOfKey[]> {
  const rows = await readRows<{
    readonly number: number;
    readonly address: Buffer;
    readonly asset: Buffer | null;
    readonly is_live: boolean;
  }>(
    db,
    'numbered_books',
    `SELECT number, address, NULL::bytea AS asset, archived_block IS NULL AS is_live
     FROM token WHERE chain_id = $1
     UNION ALL SELECT a.number, t.address, a.asset, t.archived_block IS NULL
     FROM revenue_asset a JOIN token t ON t.number = a.token_number WHERE t.chain_id = $1
     ORDER BY number`,
    [key],
  );
  return rows.map(({ number, address, asset, is_live: isLive }) => {
    return { number, token: addressFromBytes(address), asset: optionalAddress(asset), isLive };
  });
}
