import type { ClientBase } from 'pg';
import { isGroup, registryKey } from '../booksKey.js';
import { LAST_BLOCK } from '../ids.js';
import { takeBackCodes } from './accountCodes.js';
import { announceCommit } from './commitNotice.js';
import { lockCommonHead } from './groups/commonHead.js';
import { lowerCommonHead } from './groups/lowerCommonHead.js';
import { releaseHoldsAbove } from './holds.js';
import { readOwnedBlocks } from './ownedBlocks.js';
import { cutSourceRanges } from './sourceRanges.js';
import { takeBackRows } from './takeBackRows.js';

/**
 * Rolls back the bookings of one contract in blocks above `height`, inside the caller's
 * transaction. The books of other contracts stay.
 *
 * @param numbers of the contract and, for a token, of its assets
 * @param hashedTo the ledger hash starts again above this block; default: above `height`
 */
export async function rollbackContract(
  client: ClientBase,
  chainId: number,
  numbers: readonly number[],
  height: number,
  hashedTo = height,
): Promise<void> {
  const { rows } = await client.query<{ height: number }>(
    'SELECT height FROM chain_cursor WHERE chain_id = $1 FOR UPDATE',
    [chainId],
  );
  await takeBackRows(client, numbers, height);
  await rollBackHashes(client, chainId, Math.min(height, hashedTo));
  await rebuildHolders(client);
  const blocks = { fromBlock: height + 1, toBlock: rows[0]?.height ?? height };
  await announceCommit(client, { chainId, kind: 'rollback', ...blocks });
}

/**
 * Rolls back all bookings of a chain in blocks above `height`, inside the caller's transaction, and
 * rebuilds the holder cache for the affected accounts.
 *
 * Archived books cannot be booked again from blocks. With `keep`, they stay with the blocks that they
 * need: the same blocks are read again. With `cut`, the chain forked, and they end at `height` too.
 *
 * Of a group, only its own bookings are rolled back, and with them the head of the chain, that all groups have.
 *
 * @param chainId key of the chain or of a group
 * @returns the number of operations that were taken back
 */
export async function rollbackAbove(
  client: ClientBase,
  chainId: number,
  contractNumbers: readonly number[],
  height: number,
  archives: 'cut' | 'keep' = 'cut',
): Promise<number> {
  const registry = registryKey(chainId);
  if (isGroup(chainId)) await lockCommonHead(client, registry);
  // Proofs of final blocks are written under this lock, so that none is added in between.
  const { rows } = await client.query<{ height: number }>(
    'SELECT height FROM chain_cursor WHERE chain_id = $1 FOR UPDATE',
    [registry],
  );
  const archived = await archivedAbove(client, registry, height);
  const live = contractNumbers.filter((number) => !archived.includes(number));
  const rolledBack = archives === 'keep' ? live : [...live, ...archived];
  const operations = await takeBackRows(client, rolledBack, height);
  if (archives === 'cut') {
    await endArchives(client, registry, height);
    await takeBackCodes(client, registry, height);
  }
  const above = { after: height, upTo: LAST_BLOCK };
  const kept = archives === 'keep' ? [...(await readOwnedBlocks(client, archived, above))] : [];
  await client.query(
    'DELETE FROM block WHERE chain_id = $1 AND number > $2 AND number <> ALL($3::bigint[])',
    [chainId, height, kept],
  );
  await client.query('DELETE FROM hot_block WHERE chain_id = $1 AND height > $2', [
    chainId,
    height,
  ]);
  await rollBackHashes(client, registry, height);
  await cutSourceRanges(client, chainId, height);
  // Blocks that caused a hold are read again.
  await releaseHoldsAbove(client, chainId, height);
  await rebuildHolders(client);
  if (isGroup(chainId)) {
    await lowerCommonHead(client, registry, height);
    return operations;
  }
  const blocks = { fromBlock: height + 1, toBlock: rows[0]?.height ?? height };
  await announceCommit(client, { chainId, kind: 'rollback', ...blocks });
  return operations;
}

/** Numbers of archived contracts, and of assets of archived tokens, whose books end above a block. */
async function archivedAbove(
  client: ClientBase,
  chainId: number,
  height: number,
): Promise<number[]> {
  const { rows } = await client.query<{ number: number }>(
    `WITH archived AS (
       SELECT number FROM token WHERE chain_id = $1 AND archived_block > $2
       UNION ALL SELECT number FROM contract WHERE chain_id = $1 AND archived_block > $2)
     SELECT number FROM archived
     UNION ALL SELECT a.number FROM revenue_asset a JOIN archived ON archived.number = a.token_number`,
    [chainId, height],
  );
  return rows.map(({ number }) => number);
}

async function endArchives(client: ClientBase, chainId: number, height: number): Promise<void> {
  for (const table of ['token', 'contract']) {
    await client.query(
      `UPDATE ${table} SET archived_block = $2 WHERE chain_id = $1 AND archived_block > $2`,
      [chainId, height],
    );
  }
}

/**
 * Has the ledger hash start again above a block, in the caller's transaction. Final blocks are hashed, so
 * of reorgs only one deeper than finality needs it.
 */
export async function rollBackHashes(
  client: ClientBase,
  chainId: number,
  height: number,
): Promise<void> {
  await client.query('DELETE FROM ledger_hash WHERE chain_id = $1 AND block_number > $2', [
    chainId,
    height,
  ]);
  await client.query('DELETE FROM hash_cursor WHERE chain_id = $1 AND height > $2', [
    chainId,
    height,
  ]);
  await client.query(
    `INSERT INTO hash_cursor (chain_id, height, hash)
     SELECT chain_id, block_number, hash FROM ledger_hash WHERE chain_id = $1
     ORDER BY block_number DESC LIMIT 1
     ON CONFLICT DO NOTHING`,
    [chainId],
  );
}

/** Recomputes the cache rows of the accounts in `rolled_back` from the remaining rows, token by token. */
async function rebuildHolders(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ number: number }>(
    'SELECT DISTINCT token_number AS number FROM rolled_back ORDER BY 1',
  );
  for (const { number } of rows) {
    await client.query(
      `DELETE FROM holder USING rolled_back
       WHERE holder.token_number = $1 AND rolled_back.token_number = $1
         AND holder.account = rolled_back.account`,
      [number],
    );
    await client.query(REBUILD, [number]);
  }
}

const REBUILD = `INSERT INTO holder (token_number, account, balance, claimed_wei, redeemed_wei)
  SELECT $1, gone.account, newest.balance,
    (SELECT coalesce(sum(amount_wei), 0) FROM claim
      WHERE holder = gone.account AND token_number = $1),
    (SELECT coalesce(sum(amount_wei), 0) FROM redemption
      WHERE holder = gone.account AND token_number = $1)
  FROM (SELECT account FROM rolled_back WHERE token_number = $1) AS gone
  CROSS JOIN LATERAL (
    SELECT balance FROM balance_checkpoint
    WHERE account = gone.account AND token_number = $1
    ORDER BY block_number DESC, "interval" DESC LIMIT 1
  ) AS newest`;
