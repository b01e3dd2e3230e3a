import { addressBytes } from '../../address.js';
import { isGroup, registryKey } from '../booksKey.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { HeldAnswer, HoldRecord } from '../read/tokens/holds.js';

/**
 * Holds a contract. Replaces an earlier hold of the same contract.
 *
 * @param answers the nodes' answers about it; if left out, those of the earlier hold are kept
 */
export async function writeHold(
  db: SqlClient,
  hold: Omit<HoldRecord, 'tokenNumber' | 'heldAt'>,
  answers?: readonly HeldAnswer[],
): Promise<void> {
  const { chainId, address, kind, lastBlock, block, code, reason, hint } = hold;
  await db.query(
    `INSERT INTO contract_hold (chain_id, address, kind, last_block, block_number, is_confirmed,
       code, reason, hint, is_compared, program_version, config_hash, frames_hash, answers, held_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
       coalesce($14::jsonb, '[]'), now())
     ON CONFLICT (chain_id, address) DO UPDATE SET last_block = EXCLUDED.last_block,
       block_number = EXCLUDED.block_number, is_confirmed = EXCLUDED.is_confirmed,
       code = EXCLUDED.code, reason = EXCLUDED.reason, hint = EXCLUDED.hint,
       is_compared = EXCLUDED.is_compared, program_version = EXCLUDED.program_version,
       config_hash = EXCLUDED.config_hash, frames_hash = EXCLUDED.frames_hash,
       answers = coalesce($14::jsonb, contract_hold.answers), held_at = EXCLUDED.held_at`,
    [
      chainId,
      addressBytes(address),
      kind,
      lastBlock,
      block,
      hold.isConfirmed,
      code,
      reason,
      hint,
      hold.isCompared,
      hold.programVersion,
      hold.configHash,
      hold.framesHash,
      answers === undefined ? null : JSON.stringify(answers),
    ],
  );
}

/** Deletes the holds of a chain, or of a group, whose contracts have no bookings above a block. */
export async function releaseHoldsAbove(
  db: SqlClient,
  chainId: number,
  height: number,
): Promise<void> {
  const ofGroup = isGroup(chainId)
    ? 'AND address IN (SELECT unnest(contracts) FROM chain_group WHERE key = $3)'
    : '';
  await db.query(`DELETE FROM contract_hold WHERE chain_id = $1 AND last_block >= $2 ${ofGroup}`, [
    registryKey(chainId),
    height,
    ...(isGroup(chainId) ? [chainId] : []),
  ]);
}
