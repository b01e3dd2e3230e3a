import type { QueryConfig, QueryResultRow } from 'pg';
import { type Address, addressFromBytes, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { Partition, PartitionedTable } from './partitions.js';

/** A partition that was detached, and what it had then. */
export interface DetachedPartition extends Partition {
  readonly table: PartitionedTable;
  readonly rows: number;
  /** Sum of the hashes of the rows. */
  readonly checksum: string;
}

/** A token that is in no answer until its partitions are attached. */
export interface DetachedBooks {
  readonly chainId: number;
  readonly address: Address;
  readonly detachedAt: Date;
}

/** Such a token, with what is kept of it. */
export interface DetachedToken extends DetachedBooks {
  readonly number: number;
  readonly startBlock: number;
  /** The block at which its books end. */
  readonly archivedBlock: number;
  readonly partitions: readonly DetachedPartition[];
}

/** A client, a pool, or the reads of a request. */
interface Asked {
  query<Row extends QueryResultRow>(
    statement: QueryConfig<unknown[]>,
  ): Promise<{ readonly rows: Row[] }>;
}

/** The detached tokens of all chains, in the order of their numbers. */
export async function readDetachedTokens(db: Asked): Promise<DetachedToken[]> {
  const { rows } = await db.query<{
    number: number;
    chain_id: number;
    address: Buffer;
    start_block: number;
    archived_block: number;
    detached_at: Date;
    partitions: DetachedPartition[];
  }>({
    name: 'detached_tokens',
    text: `SELECT number, chain_id, address, start_block, archived_block, detached_at, partitions
     FROM detached_token ORDER BY number`,
  });
  return rows.map((row) => ({
    number: row.number,
    chainId: row.chain_id,
    address: addressFromBytes(row.address),
    startBlock: row.start_block,
    archivedBlock: row.archived_block,
    detachedAt: row.detached_at,
    partitions: row.partitions,
  }));
}

/** Says that books are detached, where an answer without them would be wrong. */
export function booksDetached(what: string, tokens: readonly DetachedBooks[]): ImoError {
  const names = tokens.map(({ address }) => checksummed(address)).join(', ');
  const [first] = tokens;
  const since = first === undefined ? '' : ` since ${first.detachedAt.toISOString()}`;
  return new ImoError(
    'BOOKS_DETACHED',
    `${what}: the books of ${names} are detached${since}`,
    'Attach them first: `imo-ledger partition attach ADDRESS`.',
  );
}

/** @throws ImoError `BOOKS_DETACHED` if any token is detached: all rows of the database are wanted */
export async function assertNothingDetached(db: Asked, what: string): Promise<void> {
  const detached = await readDetachedTokens(db);
  if (detached.length > 0) throw booksDetached(what, detached);
}
