import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import { connectClient, type DatabaseClient } from '../../store/database/postgres.js';
import { cleanLeavingBooks } from '../../store/leaving/cleanBooks.js';
import { leaveBooks } from '../../store/leaving/leaveBooks.js';
import { readLeavingBooks } from '../../store/leaving/leavingBooks.js';
import { type ArchiveRecord, readArchives } from '../../store/read/chains/archives.js';
import { readKnownContracts } from '../../store/read/chains/indexedContracts.js';
import { announceCommit } from '../../store/write/commitNotice.js';

/** Others use the database too: pieces take at most half of the time. */
const SHORTEST_PAUSE_MS = 5;

/**
 * The archived books of a contract, which may be deleted.
 *
 * @throws ImoError `FORGET_UNKNOWN` if the chain has no archived books of the address,
 *   `FORGET_NOT_ARCHIVED` if its books continue
 */
export async function archivedBooks(
  databaseUrl: string,
  chainId: number,
  address: Address,
): Promise<ArchiveRecord[]> {
  return withClient(databaseUrl, async (client) => {
    const archives = await readArchives(client, chainId);
    const own = archives.filter((record) => record.address === address);
    if (own.length > 0) return own;
    const live = await readKnownContracts(client, chainId);
    if (live.some((contract) => contract.address === address)) throw notArchived(chainId, address);
    const isLeaving = (await readLeavingBooks(client, chainId)).length > 0;
    throw unknown(chainId, address, archives, isLeaving);
  });
}

export interface ForgetOptions {
  /** Rows deleted so far. */
  readonly onProgress: (deletedRows: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Deletes archived books. They disappear from every answer at once; their rows go in pieces that do not
 * block others. `index` deletes what is left after an interruption.
 *
 * @returns how many rows were deleted; `null`: the signal came before the last one
 * @throws ImoError as `archivedBooks`, if the books changed meanwhile
 */
export async function forgetBooks(
  databaseUrl: string,
  chainId: number,
  address: Address,
  { onProgress, signal }: ForgetOptions,
): Promise<number | null> {
  const records = await archivedBooks(databaseUrl, chainId, address);
  return withClient(databaseUrl, async (client) => {
    await leave(client, chainId, records);
    let deletedRows = 0;
    for await (const piece of cleanLeavingBooks(client, chainId)) {
      deletedRows += piece.deletedRows;
      onProgress(deletedRows);
      const pauseMs = Math.max(SHORTEST_PAUSE_MS, piece.tookMs);
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return null;
    }
    return deletedRows;
  });
}

/** The registry and the numbers in one transaction: a kill leaves either the archive or books that leave. */
async function leave(
  client: ClientBase,
  chainId: number,
  records: readonly ArchiveRecord[],
): Promise<void> {
  await client.query('BEGIN');
  try {
    // With this lock, no other transaction replaces the archived books.
    await client.query('SELECT FROM chain_cursor WHERE chain_id = $1 FOR UPDATE', [chainId]);
    const now = await readArchives(client, chainId);
    const isSame = ({ kind, address }: ArchiveRecord) =>
      now.some((record) => record.kind === kind && record.address === address);
    const changed = records.find((record) => !isSame(record));
    if (changed !== undefined) throw notArchived(chainId, changed.address);
    await leaveBooks(client, chainId, records);
    const first = Math.min(...records.map(({ startBlock }) => startBlock));
    const last = Math.max(...records.map(({ archivedBlock }) => archivedBlock));
    // Servers that keep answers read the books again.
    await announceCommit(client, { chainId, kind: 'rollback', fromBlock: first, toBlock: last });
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function withClient<T>(
  databaseUrl: string,
  work: (client: DatabaseClient) => Promise<T>,
): Promise<T> {
  const client = await connectClient({
    connectionString: databaseUrl,
    application_name: 'imo-ledger forget',
  });
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function notArchived(chainId: number, address: Address): ImoError {
  return new ImoError(
    'FORGET_NOT_ARCHIVED',
    `the books of ${checksummed(address)} on chain ${chainId} are not archived`,
    'Take the contract out of the config and let `imo-ledger index` archive it, then forget it.',
  );
}

function unknown(
  chainId: number,
  address: Address,
  archives: readonly ArchiveRecord[],
  isLeaving: boolean,
): ImoError {
  const names = archives.map((record) => checksummed(record.address)).join(', ');
  const rest = isLeaving ? ' Books that left before are being deleted by `imo-ledger index`.' : '';
  return new ImoError(
    'FORGET_UNKNOWN',
    `the database has no books of ${checksummed(address)} on chain ${chainId}`,
    `${names === '' ? 'No books of this chain are archived.' : `Archived books: ${names}.`}${rest}`,
  );
}
