import { lastOperationSql } from '../../ids.js';
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
         WHERE t.token_number = r.token_number
           AND t.id > ${lastOperationSql('r.token_number', 'r.block_number')}
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

/** Of every chain with tokens: what is left to be read. */
export async function readChainReadings(db: Queryable): Promise<ChainReading[]> {
  const rows = await readRows<{
    readonly chain_id: string | number;
    readonly tokens: string | number;
    readonly holders: string | number;
  }>(
    db,
    'chain_readings',
    `SELECT t.chain_id, count(*) FILTER (WHERE r.is_complete IS NOT TRUE) AS tokens,
       coalesce(sum((SELECT count(*) FROM holder h WHERE r.is_complete IS NOT TRUE
         AND h.token_number = t.number AND h.account > coalesce(r.last_account, ''::bytea))), 0)
         AS holders
     FROM token t LEFT JOIN account_reading r ON r.token_number = t.number
     WHERE t.chain_id > 0 GROUP BY t.chain_id ORDER BY t.chain_id`,
    [],
  );
  return rows.map((row) => ({
    chainId: Number(row.chain_id),
    unreadTokens: Number(row.tokens),
    unreadHolders: Number(row.holders),
  }));
}
