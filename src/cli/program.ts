import { Command, CommanderError } from 'commander';
import { programVersion } from '../programVersion.js';
import { addAuditVerb } from './audit.js';
import { addCacheVerb } from './cache.js';
import { addCompareVerb } from './compare.js';
import { addDemoVerb } from './demo.js';
import { reportError } from './errorReport.js';
import { addEstimateVerb } from './estimate.js';
import { addExportVerb } from './export.js';
import { addIndexVerb } from './index.js';
import { addMigrateVerb } from './migrate.js';
import { addProveVerb } from './prove.js';
import { addResumeVerb } from './resume.js';
import { addServeVerb } from './serve.js';
import { addStatementVerb } from './statement.js';
import { addStatusVerb } from './status.js';
import { addVerifyVerb } from './verify.js';

const USAGE_ERROR = 2;

/** The command line with all of its verbs; a wrong one throws a `CommanderError`. */
export function createProgram(): Command {
  const program = new Command('imo-ledger')
    .description(
      'The revenue ledger of Initial Model Offerings: indexes ERC-7641 revenue tokens exactly and ' +
        'serves what each holder is owed, to the wei.\n\n' +
        'The database is the PostgreSQL server that DATABASE_URL names; without it, one that comes ' +
        'with imo-ledger is started and its data are kept in .imo-ledger/postgres (IMO_LEDGER_DATA).',
    )
    .version(programVersion())
    .exitOverride()
    .configureOutput({
      outputError: (message, write) =>
        write(
          `${message.trim().replace(/^error: /, 'error USAGE: ')}\nhint: Run \`imo-ledger --help\` or \`imo-ledger <verb> --help\`.\n`,
        ),
    })
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  $ imo-ledger demo                 everything on a local chain, nothing to configure\n' +
        '  $ imo-ledger index                index what imo.yaml names\n' +
        '  $ imo-ledger serve --port 8080    the GraphQL API',
    );

  for (const addVerb of [
    addDemoVerb,
    addMigrateVerb,
    addIndexVerb,
    addServeVerb,
    addStatusVerb,
    addEstimateVerb,
    addStatementVerb,
    addExportVerb,
    addAuditVerb,
    addProveVerb,
    addResumeVerb,
    addCompareVerb,
    addVerifyVerb,
    addCacheVerb,
  ]) {
    addVerb(program);
  }
  return program;
}

/** Reports why a verb failed, and returns the exit code for it. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE_ERROR;
  reportError(error);
  return 1;
}
