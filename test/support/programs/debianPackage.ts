import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export const run = promisify(execFile);

/**
 * Installs a program that the registry of npm does not have: root takes it from Debian. Elsewhere
 * it must be there already.
 *
 * @param probe arguments with which the program ends at once
 */
export async function installIfMissing(
  program: string,
  probe: string,
  packageName: string,
): Promise<void> {
  const isThere = await run(program, [probe]).then(
    () => true,
    () => false,
  );
  if (isThere || process.getuid?.() !== 0) return;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', packageName], { env });
}
