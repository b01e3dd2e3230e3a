import { spawnSync } from 'node:child_process';
import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../src/projectRoot.js';

const CACHE = join(PROJECT_ROOT, 'bench', '.cache');

/** A contender of a bench: a project of its own, outside the product. */
export interface ForeignProject {
  /** What messages call it. */
  readonly title: string;
  /** Its folder in `bench`, and the name of the folder where it is installed. */
  readonly source: string;
  /** The package of it that says whether it is installed. */
  readonly main: string;
}

/** Where a project is once it is installed. */
export function folderOf({ source }: ForeignProject): string {
  return join(CACHE, source);
}

/**
 * Installs a project from npm, in the pinned versions, unless it is there.
 *
 * @throws Error
 */
export async function install(
  project: ForeignProject,
  report: (line: string) => void,
): Promise<void> {
  const { title, source, main } = project;
  const from = join(PROJECT_ROOT, 'bench', source);
  const to = folderOf(project);
  await mkdir(to, { recursive: true });
  const wanted = await readFile(join(from, 'package.json'), 'utf8');
  const before = await readFile(join(to, 'package.json'), 'utf8').catch(() => '');
  const entry = join(to, 'node_modules', main, 'package.json');
  const installed = await readFile(entry, 'utf8').catch(() => null);
  await cp(from, to, { recursive: true });
  if (installed !== null && before === wanted) return;
  report(`installing ${title} from npm into bench/.cache/${source}`);
  const { status, stderr } = spawnSync(
    'npm',
    ['install', '--no-audit', '--no-fund', '--ignore-scripts'],
    { cwd: to, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`npm install of ${title} failed:\n${stderr}`);
}
