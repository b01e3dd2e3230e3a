import { addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import type { KnownContract } from './indexedContracts.js';

/** Books that ended because the config no longer names their contract. */
export interface ArchiveRecord extends KnownContract {
  readonly chainId: number;
  /** Number of the token; `null` for other kinds. */
  readonly tokenNumber: number | null;
  readonly startBlock: number;
  /** The final block at whose end the books end. */
  readonly archivedBlock: number;
}

/** The archived books of all chains, or of one, in the order of first indexing. */
export async function readArchives(
  db: Queryable,
  chainId: number | null,
): Promise<ArchiveRecord[]> {
  const rows = await readRows<{
    readonly chain_id: number;
    readonly kind: KnownContract['kind'];
    readonly address: Buffer;
    readonly token_number: number | null;
    readonly start_block: number;
    readonly archived_block: number;
  }>(
    db,
    'archives',
    `SELECT chain_id, kind, address, token_number, start_block, archived_block FROM (
       SELECT number, chain_id, 'token' AS kind, address, number AS token_number, start_block,
         archived_block FROM token
       UNION ALL SELECT number, chain_id, kind, address, NULL, start_block, archived_block
         FROM contract) AS books
     WHERE archived_block IS NOT NULL AND chain_id > 0
       AND ($1::bigint IS NULL OR chain_id = $1) ORDER BY number`,
    [chainId],
  );
  return rows.map((row) => ({
    chainId: row.chain_id,
    kind: row.kind,
    address: addressFromBytes(row.address),
    tokenNumber: row.token_number,
    startBlock: row.start_block,
    archivedBlock: row.archived_block,
  }));
}
