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
      'Checks what the set-up depends on, and shows for each finding what it is about, what was found and what to ' +
      'do, with a code that does not change (docs/doctor.md):\n\n' +
      '  files       the config; secrets in it, in compose files and in .env; room for the cache\n' +
      '  endpoints   each one by itself: chain, traces, filter, old state, receipts, limits, lag, clock\n' +
      '  database    version, tables, rights, settings, indexes, disk, clock\n' +
      '  books       config against database, lag, held contracts, open audits, ranges without proof\n' +
      '  API         whether it answers, and with the newest blocks\n\n' +
      'It writes nothing and makes no database. Each check has a time limit. The exit code is 0 where no error is ' +
      'found, 1 where there is one; with --strict, warnings count as errors. Notes never count.',
    example:
      'imo-ledger doctor\n' +
      'imo-ledger doctor --no-api --strict || notify-operator\n' +
      'imo-ledger doctor --json | jq -r .findings[].code',
  })
    .option(
      '--api <url>',
      `GraphQL URL of the API (default: port ${DEFAULT_API_PORT} or PORT here)`,
    )
    .option('--no-api', 'no API is to run')
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
