import type { SqlClient } from '../database/sqlClient.js';

/** Numbers of everything that has its own rows on a chain. Row ids start with them. */
export async function readContractNumbers(db: SqlClient, chainId: number): Promise<number[]> {
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
