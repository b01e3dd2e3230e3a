import { type Address, addressBytes, addressFromBytes } from '../../../address.js';
import { keySql } from '../../booksKey.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

export const CONTRACT_KINDS = ['token', 'oracle', 'collection', 'sale', 'pool', 'feed'] as const;

export type ContractKind = (typeof CONTRACT_KINDS)[number];

/** A contract that is held: its books could not continue without a guess. */
export interface HoldRecord {
  readonly chainId: number;
  readonly address: Address;
  readonly kind: ContractKind;
  /** Number of the token; `null` for other kinds. */
  readonly tokenNumber: number | null;
  /** The newest block at whose end its books are correct. */
  readonly lastBlock: number;
  /** The block that could not be booked. */
  readonly block: number;
  /** Whether the block was read again when it was final. */
  readonly isConfirmed: boolean;
  /**
   * Whether the books up to `lastBlock` were compared with the contract; always true for contracts
   * that are not tokens.
   */
  readonly isCompared: boolean;
  /** Stable code of the error that ended the books. */
  readonly code: string;
  readonly reason: string;
  /** The remedy of that error. */
  readonly hint: string;
  readonly heldAt: Date;
  /** Version of the program that held it; `null`: held before versions were noted. */
  readonly programVersion: string | null;
  /** SHA-256 of the chain's config at that time. */
  readonly configHash: string | null;
  /**
   * SHA-256 of the call frames of its block as nodes returned them at that time; `null`: not known.
   */
  readonly framesHash: string | null;
}

/** A question to a node, and the SHA-256 of its answer. */
export interface HeldAnswer {
  readonly method: string;
  readonly params: readonly unknown[];
  readonly hash: string;
}

interface HoldRow {
  readonly chain_id: string;
  readonly address: Buffer;
  readonly kind: ContractKind;
  readonly token_number: number | null;
  readonly last_block: string;
  readonly block_number: string;
  readonly is_confirmed: boolean;
  readonly is_compared: boolean;
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
  readonly held_at: Date;
  readonly program_version: string | null;
  readonly config_hash: string | null;
  readonly frames_hash: string | null;
}

/** The held contracts of all chains, or of one key of books, in the order of their blocks. */
export async function readHolds(db: Queryable, chainId: number | null): Promise<HoldRecord[]> {
  const rows = await readRows<HoldRow>(
    db,
    'contract_holds',
    `SELECT h.chain_id, h.address, h.kind, h.last_block, h.block_number, h.is_confirmed, h.is_compared,
       h.code, h.reason, h.hint, h.held_at, h.program_version, h.config_hash, h.frames_hash,
       t.number AS token_number
     FROM contract_hold h
     LEFT JOIN token t ON t.chain_id = h.chain_id AND t.address = h.address
     WHERE ${keySql('h.chain_id', '$1')}
     ORDER BY h.chain_id, h.block_number, h.address`,
    [chainId],
  );
  return rows.map((row) => ({
    chainId: Number(row.chain_id),
    address: addressFromBytes(row.address),
    kind: row.kind,
    tokenNumber: row.token_number,
    lastBlock: Number(row.last_block),
    block: Number(row.block_number),
    isConfirmed: row.is_confirmed,
    isCompared: row.is_compared,
    code: row.code,
    reason: row.reason,
    hint: row.hint,
    heldAt: row.held_at,
    programVersion: row.program_version,
    configHash: row.config_hash,
    framesHash: row.frames_hash,
  }));
}

/** The answers of nodes about a held contract, from before its books ended. */
export async function readHeldAnswers(
  db: Queryable,
  { chainId, address }: Pick<HoldRecord, 'chainId' | 'address'>,
): Promise<readonly HeldAnswer[]> {
  const [row] = await readRows<{ readonly answers: readonly HeldAnswer[] }>(
    db,
    'contract_hold_answers',
    'SELECT answers FROM contract_hold WHERE chain_id = $1 AND address = $2',
    [chainId, addressBytes(address)],
  );
  return row?.answers ?? [];
}
