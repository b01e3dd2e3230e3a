import { type Address, addressBytes, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';
import {
  type Partition,
  type PartitionedTable,
  readPartitionedTables,
  readPartitions,
} from './partitions.js';

/** A token whose partitions somebody names. */
export interface PartitionedToken {
  readonly chainId: number;
  readonly address: Address;
  /** Of the token, and of the assets that it shares. */
  readonly numbers: readonly number[];
  readonly startBlock: number;
  /** `null`: its books continue. */
  readonly archivedBlock: number | null;
}

/** @throws ImoError `UNKNOWN_TOKEN` if the chain does not have it */
export async function findToken(
  db: SqlClient,
  chainId: number,
  address: Address,
): Promise<PartitionedToken> {
  const { rows } = await db.query<{
    numbers: number[];
    start_block: number;
    archived_block: number | null;
  }>(
    `SELECT t.number || array(SELECT a.number FROM revenue_asset a
         WHERE a.token_number = t.number ORDER BY a.number) AS numbers, t.start_block, t.archived_block
     FROM token t WHERE t.chain_id = $1 AND t.address = $2`,
    [chainId, addressBytes(address)],
  );
  const [row] = rows;
  if (row !== undefined) {
    const { numbers, start_block: startBlock, archived_block: archivedBlock } = row;
    return { chainId, address, numbers, startBlock, archivedBlock };
  }
  throw new ImoError(
    'UNKNOWN_TOKEN',
    `${checksummed(address)} is not an indexed token on chain ${chainId}`,
    '`imo-ledger partition list` shows the tokens of each partition.',
  );
}

/** A partition with its table. */
export interface TablePartition extends Partition {
  readonly table: PartitionedTable;
}

/**
 * Every partition of the database.
 *
 * @throws ImoError `NOT_PARTITIONED`
 */
export async function readAllPartitions(db: SqlClient): Promise<TablePartition[]> {
  const tables = await readPartitionedTables(db);
  if (tables.length === 0) {
    throw new ImoError(
      'NOT_PARTITIONED',
      'the tables of this database are not partitioned',
      'Run `imo-ledger migrate --partitions` first.',
    );
  }
  const all = [];
  for (const table of tables) {
    for (const partition of await readPartitions(db, table)) all.push({ table, ...partition });
  }
  return all;
}

/**
 * The partitions of a token, each of which has no other number.
 *
 * @throws ImoError `PARTITION_SHARED`
 */
export async function ownPartitions(
  db: SqlClient,
  { address, numbers }: PartitionedToken,
): Promise<TablePartition[]> {
  const own = (await readAllPartitions(db)).filter(({ from, to }) =>
    numbers.some((number) => from <= number && number < to),
  );
  const shared = own.find(({ from, to }) => to !== from + 1);
  if (shared === undefined) return own;
  throw new ImoError(
    'PARTITION_SHARED',
    `the partition ${shared.name} has numbers ${shared.from} to ${shared.to - 1}, not only those of ${checksummed(address)}`,
    `Give the token partitions of its own first: \`imo-ledger partition move ${checksummed(address)} --alone\`.`,
  );
}
