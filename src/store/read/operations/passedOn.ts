import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import type { SqlClient } from '../../database/sqlClient.js';
import { lastOperationSql } from '../../ids.js';

/**
 * The live tokens of a chain that received money which one of the addresses paid or passed on, by that
 * address. It reads every receipt of the chain once.
 *
 * @param key of the books: of the live ones, the chain id
 * @param above only receipts above this block; `null`: all
 */
export async function readPassedOn(
  db: SqlClient,
  key: number,
  addresses: readonly Address[],
  above: number | null = null,
): Promise<ReadonlyMap<Address, readonly Address[]>> {
  const found = new Map<Address, Address[]>();
  if (addresses.length === 0) return found;
  const { rows } = await db.query<{ source: Buffer; token: Buffer }>(
    `WITH books AS (
       SELECT number, address FROM token WHERE chain_id = $1 AND archived_block IS NULL
       UNION ALL SELECT a.number, t.address FROM revenue_asset a
         JOIN token t ON t.number = a.token_number WHERE t.chain_id = $1 AND t.archived_block IS NULL)
     SELECT DISTINCT passed.address AS source, books.address AS token
     FROM books JOIN receipt r ON r.token_number = books.number
       AND r.id > coalesce(${lastOperationSql('books.number', '$3::bigint')}, '')
     CROSS JOIN LATERAL unnest(r.path || r.payer || r.source_address) AS passed(address)
     WHERE passed.address = ANY($2::bytea[]) ORDER BY 1, 2`,
    [key, addresses.map(addressBytes), above],
  );
  for (const { source, token } of rows) {
    const address = addressFromBytes(source);
    found.set(address, [...(found.get(address) ?? []), addressFromBytes(token)]);
  }
  return found;
}

/** The labelled addresses that receipts of the live books of a chain are attributed to. */
export async function readKnownSources(db: SqlClient, key: number): Promise<Address[]> {
  const { rows } = await db.query<{ address: Buffer }>(
    `SELECT DISTINCT r.source_address AS address FROM receipt r
     WHERE r.source = 'known' AND r.source_address IS NOT NULL AND r.token_number IN (
       SELECT number FROM token WHERE chain_id = $1 AND archived_block IS NULL
       UNION ALL SELECT a.number FROM revenue_asset a
         JOIN token t ON t.number = a.token_number WHERE t.chain_id = $1 AND t.archived_block IS NULL)`,
    [key],
  );
  return rows.map(({ address }) => addressFromBytes(address));
}
