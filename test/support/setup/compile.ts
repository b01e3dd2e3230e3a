import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Tests of commands run what users run: the compiled program. */
export default async function setup(project: TestProject): Promise<void> {
  await compile();
  project.onTestsRerun(compile);
}

async function compile(): Promise<void> {
  const tsc = join(PROJECT_ROOT, 'node_modules', '.bin', 'tsc');
  const build = spawn(tsc, ['-p', 'tsconfig.build.json'], { cwd: PROJECT_ROOT, stdio: 'ignore' });
  // `npm run typecheck` reports type errors; the output is written all the same.
  await once(build, 'exit');
}
