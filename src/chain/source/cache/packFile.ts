import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeChunk,
  decodeIndex,
  encodePack,
  indexBytes,
  type PackEntry,
  type PackIndex,
  type PackPlace,
  TRAILER_BYTES,
} from './packFormat.js';

/**
 * `answers`: what nodes answered; `searched`: which blocks were searched for what; `blocks`: what concerns us of
 * blocks that were read one by one.
 */
export const PACK_KINDS = ['answers', 'searched', 'blocks'] as const;
export type PackKind = (typeof PACK_KINDS)[number];

/** A block that shows which chain the contents of a file are of. */
export interface Anchor {
  readonly number: number;
  readonly hash: string;
}

/** What the name of a file says. */
export interface PackName {
  readonly kind: PackKind;
  readonly from: number;
  readonly to: number;
  /** Files with the same one are of the same chain. */
  readonly lineage: string;
  readonly anchor: { readonly number: number; readonly hash: string };
}

const NAME =
  /^(answers|searched|blocks)-(\d+)-(\d+)-([0-9a-f]{8})-(\d+)-([0-9a-f]{16})-[0-9a-f]{8}\.pack$/;
const TEMPORARY = /\.tmp$/;
/** A file that is being written is not as old as this. */
const ABANDONED_MS = 3_600_000;

/** A file in the folder of a chain, and its index once it was read. */
export class PackFile {
  /** Shared by all who want something of it at once. */
  private index: Promise<PackIndex> | null = null;
  private places: Map<string, PackPlace> | null = null;

  constructor(
    readonly path: string,
    readonly name: PackName,
    readonly bytes: number,
    /** Milliseconds since 1970. */
    public usedAt: number,
  ) {}

  readIndex(): Promise<PackIndex> {
    if (this.index !== null) return this.index;
    const reading = this.loadIndex();
    this.index = reading;
    reading.catch(() => {
      if (this.index === reading) this.index = null;
    });
    return reading;
  }

  private async loadIndex(): Promise<PackIndex> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      const trailer = await readAt(file, Math.max(0, size - TRAILER_BYTES), TRAILER_BYTES);
      const length = Math.min(indexBytes(trailer), size);
      return decodeIndex(await readAt(file, size - length, length));
    } finally {
      await file.close();
    }
  }

  async placeOf(key: string): Promise<PackPlace | null> {
    if (this.places !== null) return this.places.get(key) ?? null;
    const { entries } = await this.readIndex();
    const isFirst = this.places === null;
    this.places ??= new Map(
      entries.map(([name, , , chunk, offset, length]) => [name, { chunk, offset, length }]),
    );
    const place = this.places.get(key) ?? null;
    if (isFirst) await this.touch();
    return place;
  }

  /** The values of one chunk, checked. @throws DamagedPackError */
  async readChunk(number: number): Promise<Buffer> {
    const chunk = (await this.readIndex()).chunks[number];
    if (chunk === undefined) throw new RangeError(`there is no part ${number}`);
    const file = await open(this.path, 'r');
    try {
      return decodeChunk(await readAt(file, chunk.offset, chunk.length), chunk);
    } finally {
      await file.close();
    }
  }

  /** Gives the memory of the index back. */
  forget(): void {
    this.index = null;
    this.places = null;
  }

  async remove(): Promise<void> {
    this.forget();
    await rm(this.path, { force: true });
  }

  /** Notes that it was used: what was used least recently goes first. */
  private async touch(): Promise<void> {
    this.usedAt = Date.now();
    const now = new Date();
    // Another process may have removed it; reading it then fails.
    await utimes(this.path, now, now).catch(() => undefined);
  }
}

/** Writes a file so that it is there whole or not at all. */
export async function writePack(
  folder: string,
  name: PackName,
  entries: readonly PackEntry[],
): Promise<PackFile> {
  await mkdir(folder, { recursive: true });
  const { kind, from, to, lineage, anchor } = name;
  const hash = anchor.hash.replace(/^0x/, '').slice(0, 16);
  const id = randomBytes(4).toString('hex');
  const path = join(folder, `${kind}-${from}-${to}-${lineage}-${anchor.number}-${hash}-${id}.pack`);
  const bytes = encodePack(entries);
  await replaceFile(path, bytes);
  const written = { ...name, anchor: { number: anchor.number, hash } };
  return new PackFile(path, written, bytes.length, Date.now());
}

/** Writes to a temporary file, waits until it is on the disk, and gives it its name. */
export async function replaceFile(path: string, bytes: Buffer): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}

/** The parts of a file name; `null` if it is not our own. */
export function parseName(name: string): PackName | null {
  const match = NAME.exec(name);
  if (match === null) return null;
  const [, kind = '', from, to, lineage = '', number, hash = ''] = match;
  const known = PACK_KINDS.find((one) => one === kind);
  if (known === undefined) return null;
  const anchor = { number: Number(number), hash };
  return { kind: known, from: Number(from), to: Number(to), lineage, anchor };
}

/** The files of a folder; leftovers of a process that was killed are removed. */
export async function listPacks(folder: string): Promise<PackFile[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files: PackFile[] = [];
  for (const text of names) {
    const path = join(folder, text);
    const { size, mtimeMs } = await stat(path).catch(() => ({ size: 0, mtimeMs: 0 }));
    if (TEMPORARY.test(text)) {
      if (Date.now() - mtimeMs > ABANDONED_MS) await rm(path, { force: true });
      continue;
    }
    const name = parseName(text);
    if (name !== null && size > 0) files.push(new PackFile(path, name, size, mtimeMs));
  }
  return files;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, position);
  return bytes.subarray(0, bytesRead);
}
