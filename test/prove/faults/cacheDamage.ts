import { type FSWatcher, watch } from 'node:fs';
import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeededRandom } from '../../../devnet/random.js';

/**
 * Damages one file of a cache while it may be in use: a byte differs, its end is missing, or it
 * is gone.
 *
 * @returns what was done; `null` if there is no file
 */
export async function damageCache(folder: string, random: SeededRandom): Promise<string | null> {
  const paths = await packsIn(folder);
  if (paths.length === 0) return null;
  const path = random.pick(paths);
  const way = random.pick(['byte', 'byte', 'end', 'gone'] as const);
  try {
    const bytes = await readFile(path);
    if (way === 'gone') await rm(path);
    else if (way === 'end') await truncate(path, random.integer(0, bytes.length));
    else {
      const at = random.integer(0, Math.max(0, bytes.length - 1));
      bytes[at] = (bytes[at] ?? 0) ^ random.integer(1, 255);
      await writeFile(path, bytes, { flag: 'r+' });
    }
  } catch (error) {
    // The indexer dropped it first.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return `cache ${way}`;
}

/** Resolves when a file is being written into a cache. */
export class CacheWriting {
  readonly begun: Promise<void>;
  private readonly watcher: FSWatcher;

  private constructor(folder: string) {
    this.watcher = watch(folder);
    this.begun = new Promise((resolve) => {
      this.watcher.on('change', (_, name) => {
        if (String(name).endsWith('.tmp')) resolve();
      });
    });
  }

  static async watch(folder: string, chainId: number): Promise<CacheWriting> {
    const path = join(folder, String(chainId));
    await mkdir(path, { recursive: true });
    return new CacheWriting(path);
  }

  close(): void {
    this.watcher.close();
  }
}

async function packsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  return names
    .filter((name) => name.endsWith('.pack'))
    .sort()
    .map((name) => join(folder, name));
}
