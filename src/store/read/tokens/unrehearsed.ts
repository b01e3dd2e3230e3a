import { type Address, addressFromBytes } from '../../../address.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** The newest code of a token, if its rehearsal is incomplete. */
export interface UnrehearsedCode {
  readonly chainId: number;
  readonly address: Address;
  /** The block that changed the code. */
  readonly block: number;
  readonly reason: string;
}

interface Row {
  readonly chain_id: string;
  readonly address: Buffer;
  readonly block_number: string;
  readonly reason: string;
}

/** Those of all chains, ordered by block, without code that rehearsed code has replaced. */
export async function readUnrehearsed(db: Queryable): Promise<UnrehearsedCode[]> {
  const rows = await readRows<Row>(
    db,
    'unrehearsed_code',
    `SELECT t.chain_id, t.address, newest.block_number, newest.reason
     FROM (
       SELECT DISTINCT ON (token_number) token_number, block_number, reason FROM code_rehearsal
       ORDER BY token_number, block_number DESC, reason NULLS FIRST
     ) AS newest
     JOIN token t ON t.number = newest.token_number
     WHERE newest.reason IS NOT NULL AND t.chain_id > 0
     ORDER BY t.chain_id, newest.block_number, t.address`,
    [],
  );
  return rows.map((row) => ({
    chainId: Number(row.chain_id),
    address: addressFromBytes(row.address),
    block: Number(row.block_number),
    reason: row.reason,
  }));
}
