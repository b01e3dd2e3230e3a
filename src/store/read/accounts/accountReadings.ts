import { lastOperationSql } from '../../ids.js';
import { readByToken } from '../query/byToken.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/**
 * For each of some blocks in ascending order: whether the code of everybody who held the token up to its end is known.
 * Not while accounts of the chain are to be read again after a reorg.
 */
export async function areHoldersRead(
  db: Queryable,
  { chainId, tokenNumber }: { readonly chainId: number; readonly tokenNumber: number },
  blocks: readonly number[],
): Promise<boolean[]> {
  const rows = await readRows<{ readonly next_block: string | number | null }>(
    db,
    'holders_read',
    `SELECT (SELECT t.block_number FROM transfer t
         WHERE t.token_number = $2 AND t.id > ${lastOperationSql('$2::integer', 'r.block_number')}
         ORDER BY t.id LIMIT 1) AS next_block
     FROM account_reading r
     WHERE r.token_number = $2 AND r.is_complete AND NOT EXISTS (
       SELECT FROM account_code WHERE chain_id = $1 AND block_number IS NULL)`,
    [chainId, tokenNumber],
  );
  const [row] = rows;
  if (row === undefined) return blocks.map(() => false);
  const next = row.next_block === null ? Number.POSITIVE_INFINITY : Number(row.next_block);
  return blocks.map((block) => block < next);
}

/** How far the accounts of a chain's holders have been read. */
export interface ChainReading {
  readonly chainId: number;
  /** Tokens of which at least one holder has not been read. */
  readonly unreadTokens: number;
  /** Their holders that have not been examined: at most so many accounts are left. */
  readonly unreadHolders: number;
}

interface TokenReading {
  readonly chain_id: number;
  readonly number: number;
  readonly is_complete: boolean;
  readonly last_account: Buffer;
}

/** Of every chain with tokens: what is left to be read. */
export async function readChainReadings(db: Queryable): Promise<ChainReading[]> {
  const tokens = await readRows<TokenReading>(
    db,
    'token_readings',
    `SELECT t.chain_id, t.number, r.is_complete IS TRUE AS is_complete,
       coalesce(r.last_account, ''::bytea) AS last_account
     FROM token t LEFT JOIN account_reading r ON r.token_number = t.number
     WHERE t.chain_id > 0 ORDER BY t.chain_id`,
    [],
  );
  const unread = tokens.filter(({ is_complete }) => !is_complete);
  const rows = await readByToken<
    { readonly ordinal: number; readonly holders: number },
    TokenReading
  >(db, {
    name: 'unread_holders',
    keys: unread,
    tokenOf: ({ number }) => number,
    columns: { last_account: { type: 'bytea', of: (row) => row.last_account } },
    branch: (token, items) => `SELECT k.ordinal, (SELECT count(*) FROM holder h
      WHERE h.token_number = ${token} AND h.account > k.last_account) AS holders FROM ${items}`,
  });
  const readings = new Map<number, ChainReading>();
  for (const { chain_id: chainId } of tokens) {
    readings.set(chainId, { chainId, unreadTokens: 0, unreadHolders: 0 });
  }
  for (const { ordinal, holders } of rows) {
    const known = readings.get(unread[ordinal]?.chain_id ?? 0);
    if (known === undefined) throw new RangeError(`nobody asked for token ${ordinal}`);
    const unreadHolders = known.unreadHolders + holders;
    readings.set(known.chainId, { ...known, unreadTokens: known.unreadTokens + 1, unreadHolders });
  }
  return [...readings.values()];
}
