import { constants } from 'node:fs';
import { access, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseConfig } from '../../config/load.js';
import type { ImoConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';

/** A config file as it is before anything is added. */
export interface ManifestFile {
  readonly path: string;
  /** `null`: there is none yet. */
  readonly source: string | null;
  /** `null` where there is no file. */
  readonly config: ImoConfig | null;
}

/** Stands for a variable that is not set: other entries of the file may need it, this verb does not. */
const NOT_SET = 'http://not-set.invalid/';
const VARIABLE = /\$\{([^}]*)\}/g;

/**
 * Reads the file that contracts are added to.
 *
 * @throws ImoError with the codes of `parseConfig` for a file that is not valid, `INIT_NOT_WRITABLE`
 */
export async function openManifest(path: string, env: NodeJS.ProcessEnv): Promise<ManifestFile> {
  const source = await sourceOf(path);
  await assertWritable(path, source === null ? dirname(path) : path);
  if (source === null) return { path, source, config: null };
  return { path, source, config: parseManifest(path, source, env) };
}

/** Checks the text of a file, whether the variables that it names are set or not. */
export function parseManifest(path: string, source: string, env: NodeJS.ProcessEnv): ImoConfig {
  const names = [...source.matchAll(VARIABLE)].map(([, name = '']) => name);
  const set = names.map((name) => [name, env[name] || `${NOT_SET}${name}`] as const);
  return parseConfig(path, source, { ...env, ...Object.fromEntries(set) });
}

/** Whether a URL of a checked file comes from a variable that is not set; its name. */
export function variableNotSet(url: string): string | null {
  return url.startsWith(NOT_SET) ? url.slice(NOT_SET.length) : null;
}

async function sourceOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === 'ENOTDIR') throw notWritable(path, message);
    throw new ImoError(
      'INIT_UNREADABLE',
      `${path} cannot be read (${message})`,
      'Name another file with --config, or give yourself the right to read this one.',
    );
  }
}

async function assertWritable(path: string, place: string): Promise<void> {
  try {
    await access(place, constants.W_OK);
  } catch (error) {
    throw notWritable(path, error instanceof Error ? error.message : String(error));
  }
}

function notWritable(path: string, reason: string): ImoError {
  return new ImoError(
    'INIT_NOT_WRITABLE',
    `${path} cannot be written (${reason})`,
    'Make its folder, give yourself the right to write there, or name another file with --config.',
  );
}

/**
 * Writes the file as a whole or not at all.
 *
 * @throws ImoError `INIT_FILE_CHANGED` if somebody else wrote it meanwhile, `INIT_NOT_WRITABLE`
 */
export async function writeManifest({ path, source }: ManifestFile, text: string): Promise<void> {
  if ((await sourceOf(path)) !== source) throw changed(path);
  try {
    if (source === null) return await writeFile(path, text, { flag: 'wx' });
    // A link stays a link, and the new file has the rights of the old one.
    const target = await realpath(path);
    const { mode } = await stat(target);
    const temporary = `${target}.${process.pid}.new`;
    try {
      await writeFile(temporary, text, { flag: 'wx', mode });
      await rename(temporary, target);
    } finally {
      await rm(temporary, { force: true });
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code === 'EEXIST' ? changed(path) : notWritable(path, message);
  }
}

function changed(path: string): ImoError {
  return new ImoError(
    'INIT_FILE_CHANGED',
    `${path} was written by somebody else while the contracts were examined`,
    'Run the command again: it reads the file again.',
  );
}
