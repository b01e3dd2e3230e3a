import type { ClientBase } from 'pg';
import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { SqlClient } from '../database/sqlClient.js';
import { lastOperationId } from '../ids.js';
import { readOfTokens } from '../read/query/byToken.js';
import { type Hex, hexBytes } from '../read/query/decode.js';
import type { BlockPoint } from './cursor.js';

/** The code of an account as it was read from the chain. */
export type StoredCode = 'none' | 'delegation' | 'contract';

/** Holders examined in one step: most of them have been read, after a restart. */
const LOOKED_AT = 5_000;

/** How far the accounts of a token have been read. */
export interface AccountReading {
  readonly tokenNumber: number;
  /** Holders up to this block have been read, once `isComplete`. */
  readonly block: number;
  /** The holder after which the first reading continues; `null`: the first. */
  readonly lastAccount: Address | null;
  readonly isComplete: boolean;
}

/** Accounts without code on record, and how far the token has been read once they are. */
export interface UnreadAccounts {
  readonly accounts: readonly Address[];
  readonly reading: AccountReading;
}

/**
 * Returns the reading of a token of the chain that is not complete up to a block; `null`: all are. A token that
 * was never read begins at `block`.
 */
export async function unfinishedReading(
  db: SqlClient,
  chainId: number,
  block: number,
): Promise<AccountReading | null> {
  const { rows } = await db.query<{
    number: number;
    block_number: string | null;
    last_account: Buffer | null;
    is_complete: boolean | null;
  }>(
    `SELECT t.number, r.block_number, r.last_account, r.is_complete
     FROM token t LEFT JOIN account_reading r ON r.token_number = t.number
     WHERE t.chain_id = $1 AND r.is_complete IS NOT TRUE ORDER BY t.number LIMIT 1`,
    [chainId],
  );
  const [row] = rows;
  if (row === undefined) return null;
  return {
    tokenNumber: row.number,
    block: Number(row.block_number ?? block),
    lastAccount: row.last_account === null ? null : addressFromBytes(row.last_account),
    isComplete: false,
  };
}

/** The next holders of a token that have not been read, in the order of their addresses. */
export async function nextHolders(
  db: SqlClient,
  chainId: number,
  reading: AccountReading,
): Promise<UnreadAccounts> {
  const { tokenNumber, lastAccount } = reading;
  const { rows } = await db.query<{ account: Buffer; is_read: boolean }>(
    `SELECT h.account, a.code IS NOT NULL AS is_read
     FROM (SELECT account FROM holder WHERE token_number = $2 AND account > $3
           ORDER BY account LIMIT $4) h
     LEFT JOIN account_code a ON a.chain_id = $1 AND a.address = h.account ORDER BY h.account`,
    [
      chainId,
      tokenNumber,
      lastAccount === null ? Buffer.alloc(0) : addressBytes(lastAccount),
      LOOKED_AT,
    ],
  );
  const last = rows.length < LOOKED_AT ? undefined : rows.at(-1);
  return {
    accounts: rows.flatMap((row) => (row.is_read ? [] : [addressFromBytes(row.account)])),
    reading: {
      ...reading,
      lastAccount: last === undefined ? null : addressFromBytes(last.account),
      isComplete: last === undefined,
    },
  };
}

/** A token with transfers after an id. */
interface Moved {
  readonly token_number: number;
  readonly after: string;
}

/** Who received a token since its accounts were read, of the first token that moved; `null`: none did. */
export async function nextReceivers(
  db: SqlClient,
  chainId: number,
  head: number,
): Promise<UnreadAccounts | null> {
  const { rows: readings } = await db.query<{ token_number: number; block_number: string }>(
    `SELECT r.token_number, r.block_number FROM account_reading r
     JOIN token t ON t.number = r.token_number WHERE t.chain_id = $1 AND r.block_number < $2`,
    [chainId, head],
  );
  if (readings.length === 0) return null;
  const [moved] = await readOfTokens<Moved, (typeof readings)[number]>(db, {
    name: 'moved_tokens',
    keys: readings,
    tokenOf: (row) => row.token_number,
    columns: {
      after: {
        type: 'text',
        of: (row) => lastOperationId(row.token_number, Number(row.block_number)),
      },
    },
    branch: (token, keys) => `SELECT ${token} AS token_number, k.after FROM ${keys}
      CROSS JOIN LATERAL (
        SELECT 1 FROM transfer WHERE token_number = ${token} AND id > k.after LIMIT 1) AS moved`,
  });
  if (moved === undefined) return null;
  const { token_number: tokenNumber, after } = moved;
  return receiversOf(db, chainId, { tokenNumber, after, head });
}

async function receiversOf(
  db: SqlClient,
  chainId: number,
  { tokenNumber, after, head }: { tokenNumber: number; after: string; head: number },
): Promise<UnreadAccounts> {
  const from = 'FROM transfer WHERE token_number = $1 AND id > $2 AND id <= $3';
  const bounds = [tokenNumber, after, lastOperationId(tokenNumber, head)];
  // Whole blocks: a block may have more transfers than one step examines.
  const { rows: ends } = await db.query<{ block_number: string }>(
    `SELECT block_number ${from} ORDER BY id OFFSET $4 LIMIT 1`,
    [...bounds, LOOKED_AT],
  );
  const block = ends[0] === undefined ? head : Number(ends[0].block_number);
  const { rows } = await db.query<{ account: Buffer }>(
    `SELECT DISTINCT t."to" AS account
     FROM (SELECT "to" ${from}) t
     WHERE NOT EXISTS (SELECT FROM account_code a
       WHERE a.chain_id = $4 AND a.address = t."to" AND a.code IS NOT NULL)`,
    [tokenNumber, after, lastOperationId(tokenNumber, block), chainId],
  );
  return {
    accounts: rows.map(({ account }) => addressFromBytes(account)),
    reading: { tokenNumber, block, lastAccount: null, isComplete: true },
  };
}

/** Accounts whose code was read in a block that a reorg took back. */
export async function takenBack(db: SqlClient, chainId: number, most: number): Promise<Address[]> {
  const { rows } = await db.query<{ address: Buffer }>(
    'SELECT address FROM account_code WHERE chain_id = $1 AND block_number IS NULL LIMIT $2',
    [chainId, most],
  );
  return rows.map(({ address }) => addressFromBytes(address));
}

/** Accounts without a contract that were read before a block, the longest ago first. */
export async function readLongAgo(
  db: SqlClient,
  chainId: number,
  before: number,
  most: number,
): Promise<Address[]> {
  const { rows } = await db.query<{ address: Buffer }>(
    `SELECT address FROM account_code
     WHERE chain_id = $1 AND block_number < $2 AND code <> 'contract'
     ORDER BY block_number LIMIT $3`,
    [chainId, before, most],
  );
  return rows.map(({ address }) => addressFromBytes(address));
}

/** Codes of accounts, in their order. */
export interface ReadCodes {
  readonly accounts: readonly Address[];
  readonly codes: readonly StoredCode[];
}

/**
 * Writes the codes that accounts had at the end of a block.
 *
 * @returns whether the block was still there
 */
export function writeAccountCodes(
  client: ClientBase,
  chainId: number,
  block: BlockPoint,
  { accounts, codes }: ReadCodes,
): Promise<boolean> {
  return whileIndexed(client, chainId, block, async () => {
    await client.query(
      `INSERT INTO account_code (chain_id, address, code, block_number)
       SELECT $1, address, code, $2 FROM unnest($3::bytea[], $4::text[]) AS read (address, code)
       ON CONFLICT (chain_id, address) DO UPDATE
         SET code = EXCLUDED.code, block_number = EXCLUDED.block_number`,
      [chainId, block.height, accounts.map(addressBytes), codes],
    );
  });
}

/**
 * Notes how far a token has been read, unless its books have left.
 *
 * @param head the block at whose end the accounts were looked up
 * @returns whether the block was still there
 */
export function recordReading(
  client: ClientBase,
  chainId: number,
  head: BlockPoint,
  { tokenNumber, block, lastAccount, isComplete }: AccountReading,
): Promise<boolean> {
  return whileIndexed(client, chainId, head, async () => {
    await client.query(
      `INSERT INTO account_reading (token_number, block_number, last_account, is_complete)
       SELECT number, $3, $4, $5 FROM token WHERE chain_id = $1 AND number = $2
       ON CONFLICT (token_number) DO UPDATE SET block_number = EXCLUDED.block_number,
         last_account = EXCLUDED.last_account, is_complete = EXCLUDED.is_complete`,
      [chainId, tokenNumber, block, lastAccount && addressBytes(lastAccount), isComplete],
    );
  });
}

/**
 * Writes in a transaction of its own, unless a block is gone: a reorg may take it back between a question about
 * it and this moment. The lock keeps `rollbackAbove` out until the commit.
 */
async function whileIndexed(
  client: ClientBase,
  chainId: number,
  { height, hash }: BlockPoint,
  write: () => Promise<void>,
): Promise<boolean> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT FROM chain_cursor WHERE chain_id = $1 FOR SHARE', [chainId]);
    // A separate statement, so that it sees commits from before it got the lock.
    const { rows } = await client.query(
      `SELECT FROM chain_cursor c WHERE chain_id = $1 AND (finalized_height >= $2
         OR (height = $2 AND hash = $3)
         OR EXISTS (SELECT FROM hot_block h WHERE h.chain_id = $1 AND h.height = $2 AND h.hash = $3))`,
      [chainId, height, hexBytes(hash as Hex)],
    );
    if (rows.length > 0) await write();
    await client.query('COMMIT');
    return rows.length > 0;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** Has accounts read again whose code was read in a block that is gone, in the caller's transaction. */
export async function takeBackCodes(db: SqlClient, chainId: number, height: number): Promise<void> {
  await db.query(
    `UPDATE account_code SET code = NULL, block_number = NULL
     WHERE chain_id = $1 AND block_number > $2`,
    [chainId, height],
  );
  await db.query(
    `UPDATE account_reading r SET block_number = $2 FROM token t
     WHERE t.chain_id = $1 AND t.number = r.token_number AND r.block_number > $2`,
    [chainId, height],
  );
}
