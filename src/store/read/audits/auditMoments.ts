import { lastOperationId } from '../../ids.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** Kinds of rows whose first and newest blocks are audited. */
const KINDS = ['receipt', 'claim', 'redemption', 'transfer', 'snapshot'] as const;

/** How many of the newest snapshots are audited, each at its own block and at the block before. */
const SNAPSHOTS = 4;

/**
 * Returns the blocks up to `block` with a token's first operation of each kind, and those of its
 * newest snapshots; ascending.
 */
export async function readMilestones(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<number[]> {
  const first = KINDS.map(
    (table) =>
      `(SELECT block_number FROM ${table} WHERE token_number = $1 AND id <= $2 ORDER BY id LIMIT 1)`,
  );
  const rows = await readRows<{ readonly block_number: number }>(
    db,
    'audit_milestones',
    `${first.join(' UNION ')}
     UNION (SELECT block_number FROM snapshot WHERE token_number = $1 AND id <= $2 ORDER BY id DESC LIMIT ${SNAPSHOTS})
     ORDER BY 1`,
    [tokenNumber, lastOperationId(tokenNumber, block)],
  );
  return rows.map((row) => Number(row.block_number));
}

/** How many of the newest blocks with rows of each kind are audited. */
const BLOCKS_OF_A_KIND = 16;

/**
 * Returns the newest blocks up to `block` with a token's operations of each kind, and those that
 * `readMilestones` names.
 */
export async function operationBlocks(
  db: Queryable,
  tokenNumber: number,
  block: number,
): Promise<number[]> {
  const newest = KINDS.map(
    (table) => `(SELECT DISTINCT block_number FROM (
       SELECT block_number FROM ${table} WHERE token_number = $1 AND id <= $2
       ORDER BY id DESC LIMIT ${10 * BLOCKS_OF_A_KIND}) AS newest
     ORDER BY block_number DESC LIMIT ${BLOCKS_OF_A_KIND})`,
  );
  const rows = await readRows<{ readonly block_number: number }>(
    db,
    'operation_blocks',
    `${newest.join(' UNION ')} ORDER BY 1`,
    [tokenNumber, lastOperationId(tokenNumber, block)],
  );
  const milestones = await readMilestones(db, tokenNumber, block);
  return [...new Set([...milestones, ...rows.map((row) => Number(row.block_number))])];
}
