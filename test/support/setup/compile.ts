import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Tests of commands run what users run: the compiled program. */
export default async function setup(project: TestProject): Promise<void> {
  await compile();
  project.onTestsRerun(compile);
}

async function compile(): Promise<void> {
  // `npm run typecheck` reports type errors; the output is written all the same.
  await run(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json']);
  if (isJoined()) return;
  const status = await run(process.execPath, [join('scripts', 'build-program.mjs')]);
  if (status !== 0) throw new Error('the program was not built');
}

async function run(command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { cwd: PROJECT_ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status;
}

/** Whether the compiler has written nothing since the program was joined, as after `npm ci`. */
function isJoined(): boolean {
  const program = join(PROJECT_ROOT, 'dist/program/main.js');
  const written = ['dist/.tsbuildinfo', 'scripts/build-program.mjs', 'package-lock.json'];
  return (
    existsSync(program) &&
    written.every((file) => statSync(join(PROJECT_ROOT, file)).mtimeMs < statSync(program).mtimeMs)
  );
}
