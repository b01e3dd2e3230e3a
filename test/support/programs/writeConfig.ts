import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder.js';

/** Writes a config into a new folder and returns its path. */
export async function writeConfig(yaml: string): Promise<string> {
  const path = join(await temporaryFolder(), 'imo.yaml');
  await writeFile(path, yaml);
  return path;
}
