import { blockId, blockSql, lastOperationId } from '../../ids.js';
import { type Hex, hexBytes, hexOf } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';
import { contractsSql, isNotBurnedSql } from './accountKinds.js';

/** A token of a chain. */
export interface TokenOfChain {
  readonly chainId: number;
  readonly tokenNumber: number;
}

/** In a block, so many more contracts held a token after it than before. */
export interface ContractStep {
  readonly block: number;
  readonly change: number;
}

/** Steps, and the contracts that they are of. */
export interface ContractSteps {
  /** The hash of the addresses of all contracts that the chain is known to have, and the token. */
  readonly contracts: string;
  /** In ascending order of the blocks. */
  readonly steps: readonly ContractStep[];
}

interface StepRow {
  readonly contracts: string;
  readonly block_number: string | number | null;
  readonly change: string | null;
}

/** A FROM item `known(contracts)` of one row, which the steps join. */
const KNOWN = `(SELECT encode(sha256(coalesce(string_agg(address, ''::bytea ORDER BY address), ''::bytea)), 'hex')
  || coalesce((SELECT ' of ' || id || ' from ' || start_block FROM token WHERE number = $2), '')
  AS contracts FROM (${contractsSql('$1')}) c) known`;

function stepsOf(rows: readonly StepRow[]): ContractSteps {
  const steps = rows.flatMap(({ block_number, change }) =>
    block_number === null ? [] : [{ block: Number(block_number), change: Number(change) }],
  );
  return { contracts: rows[0]?.contracts ?? '', steps };
}

/**
 * When the accounts that are contracts now began and ceased to hold a token, up to the end of a block. Reads only
 * where they did: the index of checkpoints of 0 finds the ends.
 */
export async function readContractSteps(
  db: Queryable,
  { chainId, tokenNumber }: TokenOfChain,
  upTo: number,
): Promise<ContractSteps> {
  const checkpoints = (account: string, after: string, balance: string) =>
    `(SELECT block_number, "interval" FROM balance_checkpoint b
      WHERE b.account = ${account} AND b.token_number = $2 AND b.block_number <= $3
        AND ${after} AND b.balance ${balance}
      ORDER BY block_number, "interval" LIMIT 1)`;
  const later = '(b.block_number, b."interval") > (s.block_number, s."interval")';
  const rows = await readRows<StepRow>(
    db,
    'contract_steps',
    `WITH RECURSIVE contracts AS MATERIALIZED (
       SELECT h.account FROM (${contractsSql('$1')}) k
       JOIN holder h ON h.token_number = $2 AND h.account = k.address
       WHERE ${isNotBurnedSql('h.account')}
     ), step AS (
       SELECT c.account, n.block_number, n."interval", true AS holds
       FROM contracts c CROSS JOIN LATERAL ${checkpoints('c.account', 'true', '> 0')} n
       UNION ALL
       SELECT s.account, n.block_number, n."interval", NOT s.holds
       FROM step s CROSS JOIN LATERAL (
         ${checkpoints('s.account', `s.holds AND ${later}`, '= 0')}
         UNION ALL ${checkpoints('s.account', `NOT s.holds AND ${later}`, '> 0')}
       ) n
     )
     SELECT known.contracts, s.block_number, s.change FROM ${KNOWN} LEFT JOIN (
       SELECT block_number, sum(CASE WHEN holds THEN 1 ELSE -1 END) AS change FROM step GROUP BY 1
     ) s ON true ORDER BY 2`,
    [chainId, tokenNumber, upTo],
  );
  return stepsOf(rows);
}

/** The same after a block, by the accounts that transfers touched since. */
export async function readContractStepsSince(
  db: Queryable,
  { chainId, tokenNumber }: TokenOfChain,
  since: number,
  upTo: number,
): Promise<ContractSteps> {
  const rows = await readRows<StepRow>(
    db,
    'contract_steps_since',
    `WITH touched AS MATERIALIZED (
       SELECT side.account FROM transfer t
       CROSS JOIN LATERAL (VALUES (t."from"), (t."to")) AS side(account)
       WHERE t.token_number = $2 AND t.id > $5 AND t.id <= $6 AND ${isNotBurnedSql('side.account')}
       INTERSECT (${contractsSql('$1')})
     ), ends AS (
       SELECT k.account, c.block_number, c."interval", c.balance > 0 AS holds
       FROM touched k CROSS JOIN LATERAL (
         (SELECT b.block_number, b."interval", b.balance FROM balance_checkpoint b
          WHERE b.account = k.account AND b.token_number = $2 AND b.block_number <= $3
          ORDER BY b.block_number DESC, b."interval" DESC LIMIT 1)
         UNION ALL
         (SELECT b.block_number, b."interval", b.balance FROM balance_checkpoint b
          WHERE b.account = k.account AND b.token_number = $2
            AND b.block_number > $3 AND b.block_number <= $4)
       ) c
     ), step AS (
       SELECT block_number, holds::integer - coalesce(lag(holds) OVER (
         PARTITION BY account ORDER BY block_number, "interval"), false)::integer AS change FROM ends
     )
     SELECT known.contracts, s.block_number, s.change FROM ${KNOWN} LEFT JOIN (
       SELECT block_number, sum(change) AS change FROM step WHERE block_number > $3 GROUP BY 1
     ) s ON true ORDER BY 2`,
    [
      chainId,
      tokenNumber,
      since,
      upTo,
      lastOperationId(tokenNumber, since),
      lastOperationId(tokenNumber, upTo),
    ],
  );
  return stepsOf(rows);
}

/** A final block with operations. */
export interface FinalBlock {
  readonly number: number;
  readonly hash: Hex;
}

/** What decides whether known steps still hold. */
export interface ContractState {
  readonly contracts: string;
  /** The newest one; `null`: there is none. */
  readonly final: FinalBlock | null;
  /** Whether the chain still has the block up to which steps are known. */
  readonly hasKnown: boolean;
  /** Transfers after that block, up to the asked one; no more than `atMost` are counted. */
  readonly transfersSince: number;
}

/** @param known the block up to which steps are known */
export async function readContractState(
  db: Queryable,
  { chainId, tokenNumber }: TokenOfChain,
  known: FinalBlock | null,
  upTo: number,
  atMost: number,
): Promise<ContractState | null> {
  const [row] = await readRows<{
    readonly contracts: string;
    readonly number: string | number | null;
    readonly hash: Buffer | null;
    readonly has_known: boolean;
    readonly transfers: string | number;
  }>(
    db,
    'contract_state',
    `SELECT known.contracts, b.number, b.hash,
       EXISTS (SELECT FROM block WHERE chain_id = $1 AND number = $3 AND hash = $4) AS has_known,
       (SELECT count(*) FROM (SELECT FROM transfer
         WHERE token_number = $2 AND id > $5 AND id <= $6 LIMIT $7) t) AS transfers
     FROM ${KNOWN} CROSS JOIN chain_cursor c
     LEFT JOIN LATERAL (SELECT number, hash FROM block
       WHERE id > $8 AND id <= $8 || ${blockSql('c.finalized_height')}
       ORDER BY id DESC LIMIT 1) b ON true
     WHERE c.chain_id = $1`,
    [
      chainId,
      tokenNumber,
      known?.number ?? -1,
      known === null ? null : hexBytes(known.hash),
      lastOperationId(tokenNumber, known?.number ?? -1),
      lastOperationId(tokenNumber, upTo),
      atMost,
      blockId(chainId, -1),
    ],
  );
  if (row === undefined) return null;
  const { contracts, number, hash, has_known: hasKnown, transfers } = row;
  const final =
    number === null || hash === null ? null : { number: Number(number), hash: hexOf(hash) };
  return { contracts, final, hasKnown, transfersSince: Number(transfers) };
}
