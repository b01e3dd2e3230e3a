import type { BenchName } from './report/benches.js';
import { keepReport } from './report/keep.js';
import { type BenchReport, isReached } from './report/report.js';
import { textOf } from './report/text.js';

interface Bench<Options> {
  readonly name: BenchName;
  /** `null`: show how it is used. */
  readonly parse: (argv: readonly string[]) => Options | null;
  readonly usage: string;
  readonly run: (options: Options, say: (line: string) => void) => Promise<BenchReport>;
}

const KEEP = '--keep';

/**
 * Runs a bench as a program, with the arguments of the command line. `--keep` keeps the report in `bench/results`.
 * The exit code is 1 where a goal was not reached.
 */
export async function runProgram<Options>({
  name,
  parse,
  usage,
  run,
}: Bench<Options>): Promise<void> {
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const argv = process.argv.slice(2).filter((argument) => argument !== KEEP);
    const options = parse(argv);
    if (options === null)
      return say(`${usage}\n  ${KEEP}  keeps the report for docs/performance.md`);
    const report = await run(options, say);
    say(`\n${textOf(report)}`);
    if (process.argv.includes(KEEP)) say(`kept in ${await keepReport(name, argv, report)}`);
    if (!report.goals.every(isReached)) process.exitCode = 1;
  } catch (error) {
    process.stderr.write(`error ${error instanceof Error ? describe(error) : error}\n`);
    process.exitCode = 1;
  }
}

function describe(error: Error): string {
  return 'code' in error ? `${error.code}: ${error.message}` : (error.stack ?? error.message);
}
