import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { ImoError } from '../errors.js';
import type { LakeManifest } from '../lake/lakeManifest.js';
import type { LakePlace } from '../lake/places/lakePlace.js';
import type { WrittenLake } from '../lake/writeLake.js';
import { formatCount } from './output/rate.js';
import { createLakeReporter, verifiedLines } from './progress/lakeProgress.js';
import {
  type CommonOptions,
  collect,
  parseCount,
  parseWholeNumber,
  verb,
} from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

const DEFAULT_KEEP_MINUTES = 10;

interface LakeOptions extends CommonOptions {
  readonly verify?: boolean;
  readonly rebuild?: readonly string[];
  readonly keep: number;
  readonly step?: number;
  readonly every?: number;
  readonly json?: boolean;
}

export function addLakeVerb(program: Command): void {
  verb(program, 'lake', {
    summary: 'keep the final rows of all books in Parquet files',
    description:
      'Appends all rows of final blocks to a lake of Parquet files, for DuckDB, Spark, Trino and ClickHouse ' +
      '(docs/lake.md). Each run continues after the newest block of the lake, and completes what a killed run left. ' +
      'Every commit is a manifest: it names each file with its rows, blocks and SHA-256. DuckDB reads ' +
      'what it names through views.sql of the lake.\n\n' +
      'Each table has a folder for each chain, token and day. `days` has the days that are over. `recent` has the ' +
      'rows of days that are not over; they move to `days` when the day is over. Numbers of 256 bits are exact, as text.\n\n' +
      'The verb refuses to continue if the database no longer has the rows that the lake has. It names the books to ' +
      'write again.',
    example:
      'imo-ledger lake ./lake\nimo-ledger lake s3://bucket/lake\nimo-ledger lake ./lake --every 60\nimo-ledger lake ./lake --verify\n' +
      'imo-ledger lake ./lake --rebuild 0xe501…9032',
    exits: {
      0: 'the lake has all final rows; with --verify: every file is as it was written',
      1: 'failed, or --verify found a difference: the output has the reason and what to do',
    },
  })
    .argument('<place>', 'a folder, or s3://BUCKET/PREFIX')
    .option('--verify', 'write nothing: check the SHA-256 and the rows of every file')
    .option(
      '--rebuild <what>',
      'write again: a chain id, an address, or all; may be repeated',
      collect,
    )
    .option('--every <seconds>', 'keep running, and append so often', parseCount)
    .option(
      '--keep <minutes>',
      'keep files that are replaced so long for readers that have opened them',
      parseWholeNumber,
      DEFAULT_KEEP_MINUTES,
    )
    .option(
      '--step <blocks>',
      'blocks with bookings in a commit (default: 20,000); fewer need less memory',
      parseCount,
    )
    .option('--json', 'for programs: an object for each run')
    .action(runLake);
}

async function runLake(where: string, options: LakeOptions): Promise<void> {
  const { openPlace } = await import('../lake/places/openPlace.js');
  const place = await openPlace(where, process.env);
  try {
    await (options.verify === true ? verify(place, options) : append(place, options));
  } finally {
    place.close();
  }
}

async function append(place: LakePlace, options: LakeOptions): Promise<void> {
  const { writeLake } = await import('../lake/writeLake.js');
  const { LAKE_BLOCKS_AT_ONCE } = await import('../lake/appendLake.js');
  const signal = shutdownSignal();
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    let { rebuild = [] } = options;
    do {
      const reporter = createLakeReporter();
      try {
        const written = await writeLake(place, {
          databaseUrl: database.url,
          rebuild,
          keepMs: options.keep * 60_000,
          blocksAtOnce: options.step ?? LAKE_BLOCKS_AT_ONCE,
          signal,
          onProgress: (progress) => reporter.update(progress),
        });
        process.stdout.write(options.json ? jsonOf(written) : textOf(place, written));
      } catch (error) {
        throw signal.aborted ? stopped() : error;
      } finally {
        reporter.stop();
      }
      rebuild = [];
    } while (options.every !== undefined && !(await isStopped(signal, options.every)));
  });
}

function stopped(): ImoError {
  return new ImoError(
    'LAKE_STOPPED',
    'the lake was stopped before it had all final rows',
    'Run it again: it continues after its newest commit.',
  );
}

async function isStopped(signal: AbortSignal, seconds: number): Promise<boolean> {
  await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
  return signal.aborted;
}

function jsonOf({ rows, files, merged, unhashed, manifest }: WrittenLake): string {
  const { number, chains, files: all } = manifest;
  const appended = { rows, files };
  return `${JSON.stringify({ number, appended, merged, chains, unhashed, files: all.length, rows: rowsOf(manifest) })}\n`;
}

function textOf(place: LakePlace, written: WrittenLake): string {
  const { rows, files, merged, unhashed, manifest } = written;
  const chains = manifest.chains
    .map(({ chainId, block }) => `, chain ${chainId} up to block ${formatCount(block)}`)
    .join('');
  const days = merged === 0 ? '' : `, ${formatCount(merged)} files of days that are over merged`;
  const waiting = unhashed.map(
    (chainId) =>
      `chain ${chainId} has no ledger hash of a final block yet: \`imo-ledger index\` makes it\n`,
  );
  return (
    `${formatCount(rows)} rows in ${formatCount(files)} files appended to ${place.root}${days}\n` +
    `the lake has ${formatCount(rowsOf(manifest))} rows in ${formatCount(manifest.files.length)} files${chains}\n` +
    waiting.join('')
  );
}

function rowsOf({ files }: LakeManifest): number {
  return files.reduce((sum, { rows }) => sum + rows, 0);
}

async function verify(place: LakePlace, { json }: LakeOptions): Promise<void> {
  const { verifyLake } = await import('../lake/verifyLake.js');
  const found = await verifyLake(place, verifiedLines());
  if (json === true) process.stdout.write(`${JSON.stringify(found)}\n`);
  else {
    for (const { path, fault } of found.faults) process.stdout.write(`${path}: ${fault}\n`);
    const result = found.faults.length === 0 ? 'equal' : 'DIFFERENT';
    process.stdout.write(
      `${result}: manifest ${found.number}, ${formatCount(found.files)} files, ${formatCount(found.rows)} rows\n`,
    );
  }
  if (found.faults.length > 0) process.exitCode = 1;
}
