import { Command, CommanderError } from 'commander';
import { programVersion } from '../programVersion.js';
import { errorText, reportError } from './output/errorReport.js';
import { refuseRepeatedOptions } from './wiring/options.js';

const USAGE_ERROR = 2;
/** What asks for the version, and for no verb. */
const VERSION_FLAGS = ['-V', '--version'];

/** In the order of `--help`. Each is loaded when it is wanted: some bring large libraries. */
const VERBS = new Map<string, () => Promise<(program: Command) => void>>([
  ['demo', async () => (await import('./demo.js')).addDemoVerb],
  ['init', async () => (await import('./init.js')).addInitVerb],
  ['migrate', async () => (await import('./migrate.js')).addMigrateVerb],
  ['partition', async () => (await import('./partition.js')).addPartitionVerb],
  ['backup', async () => (await import('./backup.js')).addBackupVerb],
  ['restore', async () => (await import('./restore.js')).addRestoreVerb],
  ['move', async () => (await import('./move.js')).addMoveVerb],
  ['plan', async () => (await import('./plan.js')).addPlanVerb],
  ['index', async () => (await import('./index.js')).addIndexVerb],
  ['serve', async () => (await import('./serve.js')).addServeVerb],
  ['run', async () => (await import('./run.js')).addRunVerb],
  ['status', async () => (await import('./status.js')).addStatusVerb],
  ['doctor', async () => (await import('./doctor.js')).addDoctorVerb],
  ['estimate', async () => (await import('./estimate.js')).addEstimateVerb],
  ['search', async () => (await import('./search.js')).addSearchVerb],
  ['statement', async () => (await import('./statement.js')).addStatementVerb],
  ['export', async () => (await import('./export.js')).addExportVerb],
  ['lake', async () => (await import('./lake.js')).addLakeVerb],
  ['audit', async () => (await import('./audit.js')).addAuditVerb],
  ['prove', async () => (await import('./prove.js')).addProveVerb],
  ['resume', async () => (await import('./resume.js')).addResumeVerb],
  ['forget', async () => (await import('./forget.js')).addForgetVerb],
  ['compare', async () => (await import('./compare.js')).addCompareVerb],
  ['verify', async () => (await import('./verify.js')).addVerifyVerb],
  ['cache', async () => (await import('./cache.js')).addCacheVerb],
]);

/**
 * The command line with its verbs; a wrong one throws a `CommanderError`.
 *
 * @param args what follows the name of the program: if a verb comes first, only that one is loaded
 */
export async function createProgram([first = '']: readonly string[]): Promise<Command> {
  const program = new Command('imo-ledger')
    .description(
      'The revenue ledger of Initial Model Offerings: indexes ERC-7641 revenue tokens exactly and ' +
        'serves what each holder is owed, to the wei.\n\n' +
        'The database is the PostgreSQL server that DATABASE_URL names. Without DATABASE_URL, imo-ledger ' +
        'starts its own server and keeps the data in .imo-ledger/postgres next to the config file ' +
        '(IMO_LEDGER_DATA names another folder). Errors are explained in docs/errors.md.',
    )
    .version(programVersion())
    .exitOverride()
    .configureOutput({
      outputError: (message, write) =>
        write(
          errorText({
            code: 'USAGE',
            message: message.trim().replace(/^error: /, ''),
            hint: 'Run `imo-ledger --help` or `imo-ledger <verb> --help`.',
          }),
        ),
    })
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ imo-ledger demo                 show everything on a local chain\n' +
        '  $ imo-ledger index                index the contracts of imo.yaml\n' +
        '  $ imo-ledger serve --port 8080    serve the GraphQL and REST APIs',
    );

  const only = VERBS.get(first);
  const wanted =
    only !== undefined ? [only] : VERSION_FLAGS.includes(first) ? [] : [...VERBS.values()];
  for (const addVerb of await Promise.all(wanted.map((load) => load()))) addVerb(program);
  for (const command of program.commands) refuseRepeatedOptions(command);
  return program;
}

/** Reports why a verb failed, and returns the exit code for it. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  reportError(error);
  return 1;
}
