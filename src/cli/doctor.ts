import type { Command } from 'commander';
import { doctorJson, doctorText } from './output/doctorReport.js';
import { type CommonOptions, DEFAULT_API_PORT, verb } from './wiring/options.js';
import { noteOnce } from './wiring/withDatabase.js';

interface DoctorVerbOptions extends CommonOptions {
  /** `false`: `--no-api`. */
  readonly api: string | boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

export function addDoctorVerb(program: Command): void {
  verb(program, 'doctor', {
    summary: 'check a running set-up, and say what to change',
    description:
      'Checks a running set-up. Each finding shows what was found, what to do, and a stable code (docs/doctor.md):\n\n' +
      '  files       config, secrets in files, room for the cache\n' +
      '  endpoints   each one: chain, traces, old state, receipts, limits, lag, clock\n' +
      '  database    version, tables, rights, settings, indexes, disk, clock\n' +
      '  books       contracts of the config, lag, holds, audits, proofs of ranges\n' +
      '  API         whether it answers, and with the newest blocks\n\n' +
      'It writes nothing and creates no database. Each check has a time limit.',
    example:
      'imo-ledger doctor\n' +
      'imo-ledger doctor --no-api --strict || notify-operator\n' +
      'imo-ledger doctor --json | jq -r .findings[].code',
    exits: {
      0: 'no error was found; there may be warnings and notes',
      1: 'an error was found, or with --strict a warning',
    },
  })
    .option(
      '--api <url>',
      `GraphQL URL of the API (default: port ${DEFAULT_API_PORT} or PORT here)`,
    )
    .option('--no-api', 'do not check the API')
    .option('--strict', 'exit code 1 for warnings too')
    .option('--json', 'for programs: one object with all findings and checks')
    .action(runDoctor);
}

async function runDoctor({ config, api, strict, json }: DoctorVerbOptions): Promise<void> {
  const { examineSetUp } = await import('../doctor/run.js');
  const { env } = process;
  const usual = `http://127.0.0.1:${env.PORT || DEFAULT_API_PORT}/graphql`;
  const apiUrl = typeof api === 'string' ? api : api ? usual : null;
  const report = await examineSetUp({ configPath: config, env, apiUrl, onNote: noteOnce });
  process.stdout.write(json ? doctorJson(report) : doctorText(report));
  const failing = strict ? ['error', 'warning'] : ['error'];
  if (report.findings.some(({ severity }) => failing.includes(severity))) process.exitCode = 1;
}
