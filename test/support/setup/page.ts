import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { isFresh } from './isFresh.js';

/** What the page is built from. */
const SOURCES = ['dashboard', 'clients/ts/src', 'scripts/build-page.mjs', 'package-lock.json'];

/** Browsers are shown the page that users see: the built one. */
export default async function setup(): Promise<void> {
  if (isFresh('dist/dashboard/index.html', SOURCES)) return;
  const script = join(PROJECT_ROOT, 'scripts', 'build-page.mjs');
  const build = spawn(process.execPath, [script], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(build, 'exit')) as [number | null];
  if (status !== 0) throw new Error('the page was not built');
}
