import { type Command, InvalidArgumentError } from 'commander';
import { describeDatabase } from '../store/database/connect.js';
import { LAST_NUMBER } from '../store/ids.js';
import { formatCount } from './output/rate.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { type CommonOptions, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { noteOnce, withDatabase } from './wiring/withDatabase.js';

/** The greatest `citus.shard_count`. */
const MOST_SHARDS = 64_000;

interface MigrateOptions extends CommonOptions {
  readonly readerRole?: string;
  /** `true`: without a number. */
  readonly partitions?: number | true;
  /** `true`: without a number. */
  readonly distributed?: number | true;
}

export function addMigrateVerb(program: Command): void {
  verb(program, 'migrate', {
    summary: 'create the tables, or bring them up to date',
    description:
      'Creates the tables of the ledger, or brings them up to the version of this program. Running it again does nothing. ' +
      '`index` does the same before it starts. `serve` and `status` only read: they end with SCHEMA_BEHIND if the tables are ' +
      'older than the program.\n\n' +
      'With --partitions, it divides the large tables by the numbers of tokens: transfer, balance_checkpoint, holder, receipt, ' +
      'claim, redemption, journal_entry and posting. Stop `index` first; `serve` continues. The rows are copied, so the disk ' +
      'needs room for the largest table again. If the command is interrupted, the next run continues. New tokens get ' +
      'their partitions when they are first indexed. `imo-ledger partition` shows and moves them (docs/storage.md).\n\n' +
      'With --distributed, it distributes the same tables over the nodes of a Citus cluster by the numbers of tokens, and puts ' +
      'the small tables on every node. DATABASE_URL names the coordinator. Stop `index` and `serve` first. An interrupted ' +
      'run is continued by the next one. Later, `migrate` and `index` give new tables to the cluster by themselves.',
    example:
      'DATABASE_URL=postgresql://me:secret@db:5432/ledger imo-ledger migrate\n' +
      'READER_PASSWORD=… imo-ledger migrate --reader-role ledger_reader\n' +
      'imo-ledger migrate --partitions\nimo-ledger migrate --partitions 100\nimo-ledger migrate --distributed',
  })
    .option(
      '--reader-role <name>',
      'also create or update this role, which may only read the tables; READER_PASSWORD sets its password',
    )
    .option(
      '--partitions [numbers]',
      'also partition the large tables; a partition has so many numbers of tokens and assets ' +
        '(default: so many that there are at most 64 partitions today)',
      parseNumbers,
    )
    .option(
      '--distributed [shards]',
      'also distribute the large tables over a Citus cluster, each in so many shards ' +
        '(default: citus.shard_count of the cluster)',
      parseShards,
    )
    .action(runMigrate);
}

function parseNumbers(text: string): number {
  const numbers = parseWholeNumber(text);
  if (numbers >= 1 && numbers <= LAST_NUMBER) return numbers;
  throw new InvalidArgumentError('A partition has 1 number or more.');
}

function parseShards(text: string): number {
  const shards = parseWholeNumber(text);
  if (shards >= 1 && shards <= MOST_SHARDS) return shards;
  throw new InvalidArgumentError(`A table has from 1 to ${formatCount(MOST_SHARDS)} shards.`);
}

async function runMigrate({
  readerRole,
  config,
  partitions,
  distributed,
}: MigrateOptions): Promise<void> {
  await withDatabase({ config, writes: true, creates: true }, async (database) => {
    if (distributed !== undefined) {
      const { assertClusterAt } = await import('../store/distributed/cluster.js');
      await assertClusterAt(database.url);
    }
    const { migrate } = await import('../store/database/migrate.js');
    const { migrateEverywhere } = await import('../store/distributed/newTables.js');
    // An unfinished distribution is finished below.
    const names = await (distributed === undefined ? migrateEverywhere : migrate)(database.url);
    if (readerRole !== undefined) {
      const { grantReader } = await import('../store/database/readerRole.js');
      await grantReader(database.url, readerRole, process.env.READER_PASSWORD || null);
    }
    const place = describeDatabase(database.url);
    process.stdout.write(
      names.length === 0
        ? `${place} is up to date\n`
        : `${place} is up to date after ${names.join(', ')}\n`,
    );
    if (partitions !== undefined) await partition(database.url, partitions);
    if (distributed !== undefined) await distribute(database.url, distributed);
    if (readerRole !== undefined)
      process.stdout.write(`${readerRole} may read, and nothing else\n`);
  });
}

async function partition(url: string, numbers: number | true): Promise<void> {
  const { partitionTables } = await import('../store/partitions/partitionTables.js');
  const signal = shutdownSignal();
  const reporter = createCopyReporter('partitioning');
  const tables = await partitionTables(url, {
    numbersEach: numbers === true ? null : numbers,
    signal,
    onProgress: (progress) => reporter.update(progress),
    onWaiting: (table) => noteOnce(`${table} is copied: waiting for readers that began earlier`),
  }).finally(() => reporter.stop());
  process.stdout.write(
    tables.length === 0
      ? 'the large tables are partitioned already\n'
      : `partitioned ${tables.join(', ')}\n`,
  );
}

async function distribute(url: string, shards: number | true): Promise<void> {
  const { distributeTables } = await import('../store/distributed/distributeTables.js');
  const done = await distributeTables(url, {
    shards: shards === true ? null : shards,
    signal: shutdownSignal(),
    onTable: ({ name, kind }) => noteOnce(`${name}: ${kind}`),
  });
  const place = `${formatCount(done.shards)} shards on ${formatCount(done.nodes)} nodes`;
  const named = (kind: string) =>
    done.tables.filter((table) => table.kind === kind).map(({ name }) => name);
  const [large, small] = [named('distributed'), named('reference')];
  process.stdout.write(
    done.tables.length === 0
      ? `the tables are distributed already: ${place}\n`
      : `distributed ${large.join(', ') || 'no table'}: ${place}; ${formatCount(small.length)} tables are on every node\n`,
  );
}
