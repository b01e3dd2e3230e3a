import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';

/** What the page is built from. */
const SOURCES = ['dashboard', 'clients/ts/src', 'scripts/build-page.mjs', 'package-lock.json'];

/** Browsers are shown the page that users see: the built one. */
export default async function setup(): Promise<void> {
  if (isBuilt()) return;
  const script = join(PROJECT_ROOT, 'scripts', 'build-page.mjs');
  const build = spawn(process.execPath, [script], {
    cwd: PROJECT_ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = (await once(build, 'exit')) as [number | null];
  if (status !== 0) throw new Error('the page was not built');
}

/** Whether nothing was changed since the page was built, as by `npm ci`. */
function isBuilt(): boolean {
  const page = join(PROJECT_ROOT, 'dist/dashboard/index.html');
  if (!existsSync(page)) return false;
  const builtAt = statSync(page).mtimeMs;
  return SOURCES.map((source) => join(PROJECT_ROOT, source))
    .flatMap((source) => [source, ...filesIn(source)])
    .every((file) => statSync(file).mtimeMs < builtAt);
}

function filesIn(folder: string): string[] {
  if (!statSync(folder).isDirectory()) return [];
  return readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
}
