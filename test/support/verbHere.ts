import { vi } from 'vitest';
import { createProgram, exitCodeOf } from '../../src/cli/program.js';
import type { CliResult } from './cli.js';

/** Runs a verb of `imo-ledger` in this process: as the program does, without starting one. */
export async function runVerbHere(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  // A verb that found something wrong sets it, and would end the test run with it.
  const { exitCode } = process;
  process.exitCode = undefined;
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    vi.spyOn(process[name], 'write').mockImplementation((chunk, ...rest) => {
      written[name] += chunk;
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    });
  }
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    await createProgram().parseAsync(['node', 'imo-ledger', ...args]);
    return { exitCode: Number(process.exitCode ?? 0), ...written };
  } catch (error) {
    return { exitCode: exitCodeOf(error), ...written };
  } finally {
    process.exitCode = exitCode;
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  }
}
