import type { ClientBase } from 'pg';
import { type Address, addressBytes, addressFromBytes } from '../../address.js';
import type { KnownContract } from '../read/chains/indexedContracts.js';
import { rollbackContract } from '../write/rollback.js';
import { leaveBooks } from './leaveBooks.js';

/** A contract whose books ended because the config no longer names it. */
export interface ArchivedContract extends KnownContract {
  /** The block at whose end its books end; `null`: they had no final block and were deleted. */
  readonly archivedBlock: number | null;
}

interface Row {
  readonly address: Buffer;
  readonly kind: KnownContract['kind'];
  readonly numbers: number[];
  readonly start_block: number;
  readonly last_right: number | null;
}

/**
 * Ends the books of contracts that the config no longer names, inside the caller's transaction. They
 * end at the newest final block, or where a hold ended them before. Rows above it are rolled back,
 * and the ledger hash starts again before their first block: it has none of their rows from now on.
 * Books that have no final block yet are deleted. Contracts that are archived already stay as they are.
 *
 * @param chainId the positive key: only live books can be archived
 */
export async function archiveContracts(
  client: ClientBase,
  chainId: number,
  contracts: readonly KnownContract[],
): Promise<ArchivedContract[]> {
  const finalBlock = await lockedFinalBlock(client, chainId);
  const { rows } = await client.query<Row>(LIVE, [
    chainId,
    contracts.map(({ kind }) => kind),
    contracts.map(({ address }) => addressBytes(address)),
  ]);
  const archived: ArchivedContract[] = [];
  for (const row of rows) {
    const address = addressFromBytes(row.address);
    const end = Math.min(finalBlock, row.last_right ?? finalBlock);
    const { kind, numbers, start_block: startBlock } = row;
    // Rows above the end, and the hash from the first row on.
    await rollbackContract(client, chainId, numbers, end, startBlock - 1);
    if (end < startBlock) {
      await leaveBooks(client, chainId, [{ kind, address }]);
      archived.push({ address, kind, archivedBlock: null });
      continue;
    }
    await markArchived(client, chainId, numbers, end);
    await releaseHold(client, chainId, { kind, address });
    archived.push({ address, kind, archivedBlock: end });
  }
  return archived;
}

/** Live contracts with their numbers, those of assets included, and where a hold ended their books. */
const LIVE = `SELECT k.address, k.kind, k.start_block, h.last_block AS last_right,
    array_prepend(k.number, array(SELECT number FROM revenue_asset WHERE token_number = k.number)) AS numbers
  FROM (
    SELECT number, address, 'token' AS kind, start_block, chain_id, archived_block FROM token
    UNION ALL
    SELECT number, address, kind, start_block, chain_id, archived_block FROM contract
  ) AS k
  LEFT JOIN contract_hold h
    ON h.chain_id = k.chain_id AND h.address = k.address AND h.kind = k.kind
  WHERE k.chain_id = $1 AND k.archived_block IS NULL
    AND (k.kind, k.address) IN (SELECT * FROM unnest($2::text[], $3::bytea[]))
  ORDER BY k.number`;

async function lockedFinalBlock(client: ClientBase, chainId: number): Promise<number> {
  const { rows } = await client.query<{ height: number }>(
    'SELECT finalized_height AS height FROM chain_cursor WHERE chain_id = $1 FOR UPDATE',
    [chainId],
  );
  return rows[0]?.height ?? -1;
}

async function markArchived(
  client: ClientBase,
  chainId: number,
  numbers: readonly number[],
  end: number,
): Promise<void> {
  for (const table of ['token', 'contract']) {
    await client.query(
      `UPDATE ${table} SET archived_block = $3 WHERE chain_id = $1 AND number = ANY($2)`,
      [chainId, numbers, end],
    );
  }
}

/** The books do not wait for anything any more. */
async function releaseHold(
  client: ClientBase,
  chainId: number,
  { kind, address }: { readonly kind: KnownContract['kind']; readonly address: Address },
): Promise<void> {
  await client.query(
    'DELETE FROM contract_hold WHERE chain_id = $1 AND address = $2 AND kind = $3',
    [chainId, addressBytes(address), kind],
  );
}
