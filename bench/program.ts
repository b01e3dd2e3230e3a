interface Bench<Options> {
  /** `null`: show how it is used. */
  readonly parse: (argv: readonly string[]) => Options | null;
  readonly usage: string;
  readonly run: (options: Options, report: (line: string) => void) => Promise<void>;
}

/** Runs a bench as a program, with the arguments of the command line. */
export async function runProgram<Options>({ parse, usage, run }: Bench<Options>): Promise<void> {
  const report = (line: string) => void process.stdout.write(`${line}\n`);
  try {
    const options = parse(process.argv.slice(2));
    if (options === null) report(usage);
    else await run(options, report);
  } catch (error) {
    process.stderr.write(`error ${error instanceof Error ? describe(error) : error}\n`);
    process.exitCode = 1;
  }
}

function describe(error: Error): string {
  return 'code' in error ? `${error.code}: ${error.message}` : (error.stack ?? error.message);
}
