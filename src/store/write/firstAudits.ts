import { type Address, addressFromBytes } from '../../address.js';
import { keySql } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { Queryable } from '../read/query/queryable.js';
import { readRows } from '../read/query/statement.js';

/** Marks a new token: its figures are not compared with the contract yet. */
export async function awaitFirstAudit(db: SqlClient, tokenNumber: number): Promise<void> {
  await db.query('INSERT INTO first_audit (token_number) VALUES ($1)', [tokenNumber]);
}

/** Removes the mark: the token was audited at the block, whatever the result. */
export async function markAudited(
  db: SqlClient,
  tokenNumbers: readonly number[],
  block: number,
): Promise<void> {
  await db.query(
    `UPDATE first_audit SET block_number = $2, audited_at = now()
     WHERE token_number = ANY($1) AND audited_at IS NULL`,
    [tokenNumbers, block],
  );
}

/** A token that waits for its first audit. */
export interface UnauditedToken {
  readonly tokenNumber: number;
  readonly chainId: number;
  readonly token: Address;
  /** The block at whose end its books end; `null`: they continue. */
  readonly archivedBlock: number | null;
}

/** The tokens that wait for their first audit, of one chain or of all (`null`). */
export async function readUnaudited(
  db: Queryable,
  chainId: number | null,
): Promise<UnauditedToken[]> {
  const rows = await readRows<{
    readonly token_number: number;
    readonly chain_id: string;
    readonly address: Buffer;
    readonly archived_block: number | null;
  }>(
    db,
    'unaudited_tokens',
    `SELECT f.token_number, t.chain_id, t.address, t.archived_block
     FROM first_audit f JOIN token t ON t.number = f.token_number
     WHERE f.audited_at IS NULL AND (${keySql('t.chain_id', '$1')})
     ORDER BY f.token_number`,
    [chainId],
  );
  return rows.map((row) => ({
    tokenNumber: row.token_number,
    chainId: Number(row.chain_id),
    token: addressFromBytes(row.address),
    archivedBlock: row.archived_block,
  }));
}
