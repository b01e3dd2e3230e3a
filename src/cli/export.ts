import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { ImoError } from '../errors.js';
import { DATASETS } from '../export/catalogue.js';
import type { ExportManifest } from '../export/request/manifest.js';
import type { OpenExport } from '../export/request/openExport.js';
import { type ExportTexts, parseExportRequest } from '../export/request/request.js';
import { formatCount } from './output/rate.js';
import { showRows } from './progress/exportProgress.js';
import { collect, exitCodesText } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

/** Nobody waits for a command but the one who gave it, and who can end it. */
const WITHIN_MS = 24 * 3_600_000;

interface ExportOptions extends ExportTexts {
  readonly config: string;
  readonly out?: string;
  readonly verbose?: boolean;
}

export function addExportVerb(program: Command): void {
  const names = DATASETS.map(({ name, summary }) => `  ${name.padEnd(21)} ${summary}`);
  program
    .command('export')
    .summary('write the books to a CSV, JSON lines or Parquet file')
    .description(
      'Writes a dataset as of one block: all rows of a file are valid at the same instant. Numbers of ' +
        '256 bits are exact, as text, each with a rounded copy (`_f64`) for plots. Times are UTC. Addresses ' +
        'are in lower case.\n\nFILE.manifest.json next to FILE names the block and the filters, says whether ' +
        'the books agree with the contracts, and explains every column (docs/data.md has them all).',
    )
    .argument('<dataset>', 'what to export: see below')
    .option('--format <format>', 'csv, jsonl or parquet (default: csv)')
    .option('--out <file>', 'file to write (default: standard output, except for parquet)')
    .option('--chain <id>', 'only of this chain (EIP-155 id)')
    .option('--token <address>', 'only of this token; may be repeated', collect)
    .option('--holder <address>', 'only of this holder; may be repeated', collect)
    .option('--snapshot <id>', 'entitlements of this snapshot only')
    .option('--is-contract <true|false>', 'only holders that are contracts, or only others')
    .option('--kind <kind>', 'only holders of this kind; may be repeated', collect)
    .option(
      '--at <moment>',
      'as of a block, year, month, date or time (default: the newest indexed block)',
    )
    .option('--from <moment>', 'only operations from this block, year, month, date or time on')
    .option('--to <moment>', 'operations up to a block, year, month, date or time, included')
    .option('--currency <code>', 'add values at the time of each row, e.g. in USD (docs/prices.md)')
    .option('--config <file>', 'the config; the embedded database is next to it', 'imo.yaml')
    .option('--verbose', 'show the stack of an error')
    .addHelpText(
      'after',
      `\nDatasets:\n${names.join('\n')}\n\nExamples:\n` +
        '  $ imo-ledger export holders --token 0xe501…9032 --format parquet --out holders.parquet\n' +
        '  $ imo-ledger export entitlements --snapshot 3 --token 0xe501…9032 > shares.csv\n' +
        '  $ imo-ledger export transfers --from 2025-01-01 --to 2025-03-31 --out q1.csv\n' +
        '  $ imo-ledger export receipts --format jsonl | jq -r \'select(.source == "oracle").amount\'' +
        exitCodesText(),
    )
    .action(runExport);
}

async function runExport(name: string, options: ExportOptions): Promise<void> {
  const { config, out, verbose: _, ...texts } = options;
  const request = parseExportRequest(name, texts);
  if (request.format === 'parquet' && out === undefined) {
    throw new ImoError(
      'EXPORT_NEEDS_FILE',
      'a Parquet file cannot go to standard output',
      'Name a file with --out.',
    );
  }
  const shutdown = shutdownSignal();
  await withDatabase({ config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { openExport } = await import('../export/request/openExport.js');
    const exported = await openExport(request, {
      databaseUrl: database.url,
      withinMs: WITHIN_MS,
    });
    const end = () => exported.rows.destroy(stopped());
    shutdown.addEventListener('abort', end);
    if (shutdown.aborted) end();
    try {
      await write(exported, out);
    } finally {
      shutdown.removeEventListener('abort', end);
      await exported.close();
    }
  });
}

async function write(exported: OpenExport, out: string | undefined): Promise<void> {
  const startedAt = performance.now();
  const { rows, request, manifest } = exported;
  const progress = showRows(rows, request.dataset.name);
  try {
    if (out === undefined) {
      await pipeline(rows, process.stdout, { end: false });
    } else {
      const { writeExportFile } = await import('../export/write/writeFile.js');
      await writeExportFile(exported, out);
    }
  } finally {
    progress.stop();
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const where = out === undefined ? '' : ` in ${out}`;
  process.stderr.write(
    `${formatCount(exported.rowCount())} rows${where}, ${momentsOf(manifest)} (${seconds} s)\n`,
  );
  for (const { chainId, address, kind, lastBlock, code } of manifest.held) {
    process.stderr.write(
      `warning: the books of ${kind} ${address} on chain ${chainId} end at block ${lastBlock} (${code})\n`,
    );
  }
  for (const { chainId, token } of manifest.unread) {
    process.stderr.write(
      `warning: some holders of ${token} on chain ${chainId} have not been examined yet: kind and is_contract are empty\n`,
    );
  }
  for (const { chainId, token, figure } of manifest.audit.disagreements) {
    process.stderr.write(
      `warning: the books of ${token} on chain ${chainId} differ from its contract in ${figure}\n`,
    );
  }
}

function momentsOf({ asOf }: ExportManifest): string {
  return asOf
    .map(({ chainId, block }) => `as of block ${formatCount(block)} of chain ${chainId}`)
    .join(', ');
}

function stopped(): ImoError {
  return new ImoError('EXPORT_STOPPED', 'the export was stopped', 'Run it again for a whole file.');
}
