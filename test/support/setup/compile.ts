import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { isFresh } from './isFresh.js';

const COMPILED = 'dist/.tsbuildinfo';
/** Of `bench`: tsconfig.json leaves them out. */
const NOT_COMPILED = ['.cache', 'plain-squid', 'ponder'];
const BENCHES = readdirSync(join(PROJECT_ROOT, 'bench')).filter(
  (name) => !NOT_COMPILED.includes(name),
);
/** What is compiled, and by what. */
const SOURCES = [
  ...['src', 'devnet', 'clients/ts/src', 'test'],
  ...BENCHES.map((name) => join('bench', name)),
  ...['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
];
/** What is joined, and by what. */
const JOINED = [COMPILED, 'scripts/build-program.mjs', 'package-lock.json'];

/** Tests of commands run what users run: the compiled program. */
export default async function setup(project: TestProject): Promise<void> {
  await compile();
  project.onTestsRerun(compile);
}

async function compile(): Promise<void> {
  // `npm run typecheck` reports type errors; the output is written all the same.
  if (!isFresh(COMPILED, SOURCES)) {
    await run(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json']);
  }
  if (isFresh('dist/program/main.js', JOINED)) return;
  const status = await run(process.execPath, [join('scripts', 'build-program.mjs')]);
  if (status !== 0) throw new Error('the program was not built');
}

async function run(command: string, args: readonly string[]): Promise<number | null> {
  const child = spawn(command, args, { cwd: PROJECT_ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = (await once(child, 'exit')) as [number | null];
  return status;
}
