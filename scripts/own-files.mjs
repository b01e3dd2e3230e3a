import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The files below a folder of the repository whose names end so, in the order of their names, without what git
 * ignores: benches install other projects there.
 *
 * @throws Error where git cannot list them
 */
export function ownFiles(folder, ending, root = '.') {
  const { status, stdout, stderr } = spawnSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', folder],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 },
  );
  if (status !== 0) throw new Error(`git cannot list the files of ${folder}: ${stderr}`);
  return stdout
    .split('\0')
    .filter((file) => file.endsWith(ending))
    .filter((file) => existsSync(join(root, file)))
    .toSorted();
}
