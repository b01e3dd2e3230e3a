import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileMissing } from '../lakeErrors.js';
import { STAGING } from '../lakePaths.js';
import type { LakePlace } from './lakePlace.js';

/** A lake in a folder of this machine. */
export class LocalPlace implements LakePlace {
  readonly root: string;

  constructor(folder: string) {
    this.root = resolve(folder);
  }

  async prepare(): Promise<void> {}

  async list(folder: string): Promise<string[]> {
    const entries = await readdir(join(this.root, folder), {
      recursive: true,
      withFileTypes: true,
    }).catch(ignoreMissing);
    return (entries ?? [])
      .filter((entry) => entry.isFile())
      .map((entry) => relative(this.root, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
      .toSorted();
  }

  async read(path: string): Promise<string | null> {
    return (await readFile(join(this.root, path), 'utf8').catch(ignoreMissing)) ?? null;
  }

  async create(path: string, text: string): Promise<boolean> {
    const written = await this.writeTemporary(path, text);
    try {
      // Unlike a rename, a link fails if the name is taken.
      await link(written, join(this.root, path));
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    } finally {
      await rm(written, { force: true });
    }
  }

  async replace(path: string, text: string): Promise<void> {
    await rename(await this.writeTemporary(path, text), join(this.root, path));
  }

  async workFolder(attempt: string): Promise<string> {
    const folder = join(this.root, STAGING, attempt, 'work');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async stage(attempt: string, file: string, path: string): Promise<void> {
    const handle = await open(file);
    await handle.sync();
    await handle.close();
    const staged = join(this.root, STAGING, attempt, path);
    await mkdir(dirname(staged), { recursive: true });
    await rename(file, staged);
  }

  async publish(attempt: string, path: string): Promise<void> {
    const place = join(this.root, path);
    await mkdir(dirname(place), { recursive: true });
    try {
      await rename(join(this.root, STAGING, attempt, path), place);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      if ((await stat(place).catch(ignoreMissing)) === undefined) throw fileMissing(path);
    }
  }

  async remove(paths: readonly string[]): Promise<void> {
    for (const path of paths) await rm(join(this.root, path), { force: true, recursive: true });
  }

  async localCopy(path: string): Promise<string> {
    return join(this.root, path);
  }

  close(): void {}

  /** A complete file under another name, on the disk and not only in memory. */
  private async writeTemporary(path: string, text: string): Promise<string> {
    const folder = join(this.root, STAGING);
    await mkdir(folder, { recursive: true });
    await mkdir(dirname(join(this.root, path)), { recursive: true });
    const file = join(folder, `${randomUUID()}.part`);
    const handle = await open(file, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return file;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function ignoreMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}
