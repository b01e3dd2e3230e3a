import { isGroup } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';

/** Numbers of everything that has its own rows on a chain, or in a group. Row ids start with them. */
export async function readContractNumbers(db: SqlClient, chainId: number): Promise<number[]> {
  if (isGroup(chainId)) return readGroupNumbers(db, chainId);
  const { rows } = await db.query<{ number: number }>(
    `SELECT number FROM token WHERE chain_id = $1
     UNION ALL SELECT number FROM contract WHERE chain_id = $1
     UNION ALL SELECT number FROM price_feed WHERE chain_id = $1
     UNION ALL SELECT asset.number FROM revenue_asset asset
       JOIN token ON token.number = asset.token_number WHERE token.chain_id = $1`,
    [chainId],
  );
  return rows.map(({ number }) => number);
}

/** Archived books belong to no group. */
async function readGroupNumbers(db: SqlClient, key: number): Promise<number[]> {
  const { rows } = await db.query<{ number: number }>(
    `WITH named AS (SELECT chain_id, unnest(contracts) AS address FROM chain_group WHERE key = $1),
       owned AS (
         SELECT t.number FROM token t JOIN named USING (chain_id, address)
         WHERE t.archived_block IS NULL)
     SELECT number FROM owned
     UNION ALL SELECT c.number FROM contract c JOIN named USING (chain_id, address)
       WHERE c.archived_block IS NULL
     UNION ALL SELECT a.number FROM revenue_asset a JOIN owned ON owned.number = a.token_number`,
    [key],
  );
  return rows.map(({ number }) => number);
}
