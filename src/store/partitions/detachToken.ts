import { type Address, addressBytes, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { DatabaseClient } from '../database/postgres.js';
import type { SqlClient } from '../database/sqlClient.js';
import type { DetachedPartition } from './detached.js';
import { exclusively } from './exclusively.js';
import { findToken, ownPartitions, type PartitionedToken } from './findToken.js';

/**
 * Takes the partitions of an archived token out of their tables, and the token out of the registry: no
 * answer has it any more. The rows stay in tables of their own, with the blocks that they need.
 *
 * @param announce tells readers in the same transaction that the books changed between two blocks
 * @throws ImoError `UNKNOWN_TOKEN`, `DETACH_NOT_ARCHIVED`, `NOT_PARTITIONED`, `PARTITION_SHARED`
 */
export async function detachToken(
  db: DatabaseClient,
  chainId: number,
  address: Address,
  { signal, announce }: { signal: AbortSignal; announce: Announce },
): Promise<readonly DetachedPartition[]> {
  const { token, lastBlock } = await archivedToken(db, chainId, address);
  const partitions: DetachedPartition[] = [];
  for (const partition of await ownPartitions(db, token)) {
    partitions.push({ ...partition, ...(await measurePartition(db, partition.name)) });
  }
  await exclusively(db, chainId, signal, async () => {
    await archivedToken(db, chainId, address);
    const [number = 0] = token.numbers;
    await keepBlocks(db, token, partitions);
    for (const { table, name } of partitions) {
      await db.query(`ALTER TABLE ${table} DETACH PARTITION ${name}`);
    }
    await db.query(
      `INSERT INTO detached_token (number, last_number, chain_id, address, start_block, archived_block,
         detached_at, registry, partitions)
       SELECT $1, $2, $3, $4, $5, $6, now(), jsonb_build_object(
         'token', (SELECT to_jsonb(t) FROM token t WHERE number = $1),
         'assets', coalesce((SELECT jsonb_agg(to_jsonb(a)) FROM revenue_asset a WHERE token_number = $1), '[]')),
         $7::jsonb`,
      [
        number,
        Math.max(...token.numbers),
        chainId,
        addressBytes(address),
        token.startBlock,
        lastBlock,
        JSON.stringify(partitions),
      ],
    );
    await db.query('DELETE FROM revenue_asset WHERE token_number = $1', [number]);
    await db.query('DELETE FROM token WHERE number = $1', [number]);
    await announce(db, token.startBlock, lastBlock);
  });
  return partitions;
}

export type Announce = (db: DatabaseClient, fromBlock: number, toBlock: number) => Promise<void>;

async function archivedToken(
  db: SqlClient,
  chainId: number,
  address: Address,
): Promise<{ token: PartitionedToken; lastBlock: number }> {
  const token = await findToken(db, chainId, address);
  if (token.archivedBlock !== null) return { token, lastBlock: token.archivedBlock };
  throw new ImoError(
    'DETACH_NOT_ARCHIVED',
    `the books of ${checksummed(address)} on chain ${chainId} continue: \`index\` writes them`,
    'Nothing is changed. Take the token out of the config, let `imo-ledger index` archive it, then detach it.',
  );
}

/** Rows of a partition, and a sum over all of them that any change alters. */
export async function measurePartition(
  db: SqlClient,
  name: string,
): Promise<{ rows: number; checksum: string }> {
  const { rows } = await db.query<{ rows: number; checksum: string }>(
    `SELECT count(*) AS rows, coalesce(sum(hashtextextended(p::text, 0)), 0)::text AS checksum
     FROM ${name} AS p`,
  );
  return rows[0] ?? { rows: 0, checksum: '0' };
}

/** The table that keeps the blocks of a detached token: a cleaning may delete them meanwhile. */
export function blocksOfDetached(number: number): string {
  return `block_of_detached_${number}`;
}

async function keepBlocks(
  db: SqlClient,
  { chainId, numbers: [number = 0] }: PartitionedToken,
  partitions: readonly DetachedPartition[],
): Promise<void> {
  const tables = partitions.filter(({ table }) => table !== 'holder');
  const used = tables.map(({ name }) => `SELECT block_number FROM ${name}`).join(' UNION ');
  await db.query(
    `CREATE TABLE ${blocksOfDetached(number)} AS
     SELECT b.* FROM block b WHERE b.chain_id = ${chainId} AND b.number IN (${used})`,
  );
}
