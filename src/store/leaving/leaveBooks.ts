import { addressBytes, addressFromBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { KnownContract } from '../read/chains/indexedContracts.js';

/**
 * Takes contracts out of the registry of a chain, inside the caller's transaction: nobody reads their
 * books any more. Their numbers wait in `leaving_books` until a cleaner has deleted the rows, so that
 * no number is given out while rows of it exist.
 *
 * @param chainId the key of the books, negative for books that join
 * @returns the numbers of the contracts and, for tokens, of their assets
 */
export async function leaveBooks(
  db: SqlClient,
  chainId: number,
  contracts: readonly KnownContract[],
): Promise<number[]> {
  // Results that are written under this lock find the books gone.
  await db.query('SELECT FROM chain_cursor WHERE chain_id = $1 FOR UPDATE', [chainId]);
  const kinds = contracts.map(({ kind }) => kind);
  const addresses = contracts.map(({ address }) => addressBytes(address));
  const { rows } = await db.query<{ number: number }>(
    `WITH named AS (SELECT * FROM unnest($2::text[], $3::bytea[]) AS named (kind, address)),
       gone AS (
         SELECT k.number, k.start_block, k.kind FROM (
           SELECT number, chain_id, address, start_block, 'token' AS kind FROM token
           UNION ALL SELECT number, chain_id, address, start_block, kind FROM contract
         ) AS k JOIN named ON named.kind = k.kind AND named.address = k.address
         WHERE k.chain_id = $1)
     INSERT INTO leaving_books (number, chain_id, first_block, kind)
     SELECT number, $1, start_block, kind FROM gone
     UNION ALL SELECT a.number, $1, gone.start_block, 'asset'
       FROM revenue_asset a JOIN gone ON gone.number = a.token_number
     RETURNING number`,
    [chainId, kinds, addresses],
  );
  const numbers = rows.map(({ number }) => number);
  for (const table of [
    'sale',
    'deposit_pool',
    'collection',
    'contract',
    'revenue_asset',
    'token',
  ]) {
    await db.query(`DELETE FROM ${table} WHERE number = ANY($1)`, [numbers]);
  }
  await db.query(
    `DELETE FROM contract_hold WHERE chain_id = $1
       AND (kind, address) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))`,
    [chainId, kinds, addresses],
  );
  return numbers;
}

/** Lets archived books leave whose contract was deployed in blocks that are gone: they have no block any more. */
export async function leaveUndeployed(db: SqlClient, chainId: number): Promise<void> {
  const { rows } = await db.query<{ kind: KnownContract['kind']; address: Buffer }>(
    `SELECT 'token' AS kind, address FROM token WHERE chain_id = $1 AND archived_block < start_block
     UNION ALL SELECT kind, address FROM contract
       WHERE chain_id = $1 AND archived_block < start_block`,
    [chainId],
  );
  if (rows.length === 0) return;
  const gone = rows.map(({ kind, address }) => ({ kind, address: addressFromBytes(address) }));
  await leaveBooks(db, chainId, gone);
}
