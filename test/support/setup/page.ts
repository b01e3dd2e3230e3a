import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** Browsers are shown the page that users see: the built one. */
export default async function setup(): Promise<void> {
  const vite = join(PROJECT_ROOT, 'node_modules', '.bin', 'vite');
  const options = ['build', 'dashboard', '--config', 'dashboard/vite.config.ts'];
  const build = spawn(vite, options, { cwd: PROJECT_ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
  const [status] = (await once(build, 'exit')) as [number | null];
  if (status !== 0) throw new Error('the page was not built');
}
