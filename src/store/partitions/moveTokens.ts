import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { SqlClient } from '../database/sqlClient.js';
import {
  findToken,
  ownPartitions,
  type PartitionedToken,
  readAllPartitions,
  type TablePartition,
} from './findToken.js';
import { type PartitionProgress, withSessions } from './partitionTables.js';
import type { PlacedRange, Rebuild } from './rebuild.js';
import { runRebuild } from './runRebuild.js';

export interface MoveOptions {
  /** Gives each number of the tokens partitions that have no other number. */
  readonly isAlone: boolean;
  /** Where their partitions are put; `null`: where they are. */
  readonly tablespace: string | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PartitionProgress) => void;
  readonly onWaiting: (table: string) => void;
}

/**
 * Moves tokens to partitions of their own, or to another tablespace. Rows of other tokens that share a
 * partition with one are copied to new ones next to it.
 *
 * @returns how many partitions were replaced
 * @throws ImoError `UNKNOWN_TOKEN`, `NOT_PARTITIONED`, `PARTITION_SHARED`, `TABLESPACE_UNKNOWN`, and
 *   what `partitionTables` throws
 */
export async function moveTokens(
  url: string,
  chainId: number,
  addresses: readonly Address[],
  options: MoveOptions,
): Promise<number> {
  return withSessions(url, async (sessions) => {
    const { worker } = sessions;
    const tokens: PartitionedToken[] = [];
    for (const address of addresses) tokens.push(await findToken(worker, chainId, address));
    const numbers = tokens.flatMap((token) => token.numbers);
    if (options.tablespace !== null) await assertTablespace(worker, options.tablespace);
    if (!options.isAlone) for (const token of tokens) await ownPartitions(worker, token);
    const jobs: { job: Rebuild; bytes: number }[] = [];
    for (const partition of await readAllPartitions(worker)) {
      const job = await moveOf(worker, partition, numbers, options.tablespace);
      if (job !== null) jobs.push({ job, bytes: await sizeOf(worker, partition.name) });
    }
    const total = jobs.reduce((sum, { bytes }) => sum + bytes, 0);
    let before = 0;
    for (const { job, bytes } of jobs) {
      const at = before;
      await runRebuild(sessions, job, {
        ...options,
        onShare: (share) =>
          options.onProgress({ table: job.source, done: Math.round(at + bytes * share), total }),
      });
      before += bytes;
    }
    return jobs.length;
  });
}

/** What has to be done with a partition; `null`: nothing. */
async function moveOf(
  db: SqlClient,
  { table, name, from, to }: TablePartition,
  numbers: readonly number[],
  tablespace: string | null,
): Promise<Rebuild | null> {
  const inside = numbers.filter((number) => from <= number && number < to);
  if (inside.length === 0) return null;
  const { tablespace: now, numbers_each: numbersEach } = await placeOf(db, table, name);
  const ranges: PlacedRange[] = [];
  let next = from;
  for (const number of inside.toSorted((a, b) => a - b)) {
    if (next < number) ranges.push({ from: next, to: number, tablespace: now });
    ranges.push({ from: number, to: number + 1, tablespace: tablespace ?? now });
    next = number + 1;
  }
  if (next < to) ranges.push({ from: next, to, tablespace: now });
  const isThere = ranges.length === 1 && (tablespace === null || tablespace === now);
  return isThere ? null : { table, source: name, ranges, numbersEach };
}

async function placeOf(
  db: SqlClient,
  table: string,
  partition: string,
): Promise<{ tablespace: string | null; numbers_each: number }> {
  const { rows } = await db.query<{ tablespace: string | null; numbers_each: number }>(
    `SELECT (SELECT spcname FROM pg_class c JOIN pg_tablespace s ON s.oid = c.reltablespace
         WHERE c.oid = to_regclass($2)) AS tablespace,
       coalesce((SELECT numbers_each FROM partition_layout WHERE table_name = $1), 1) AS numbers_each`,
    [table, partition],
  );
  return rows[0] ?? { tablespace: null, numbers_each: 1 };
}

async function sizeOf(db: SqlClient, name: string): Promise<number> {
  const { rows } = await db.query<{ bytes: number }>(
    'SELECT pg_total_relation_size(to_regclass($1)) AS bytes',
    [name],
  );
  return rows[0]?.bytes ?? 0;
}

async function assertTablespace(db: SqlClient, name: string): Promise<void> {
  const { rows } = await db.query<{ name: string }>(
    'SELECT spcname AS name FROM pg_tablespace ORDER BY spcname',
  );
  const names = rows.map((row) => row.name);
  if (names.includes(name)) return;
  throw new ImoError(
    'TABLESPACE_UNKNOWN',
    `"${name}" is not a tablespace of the server`,
    `Tablespaces: ${names.join(', ')}. A superuser makes one with CREATE TABLESPACE.`,
  );
}
