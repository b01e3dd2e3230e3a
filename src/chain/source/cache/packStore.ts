import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { CacheConfig } from '../../../config/source/cache.js';
import { type Anchor, listPacks, type PackFile, type PackKind, writePack } from './packFile.js';
import type { PackEntry } from './packFormat.js';

/** Values that wait to be written, in bytes: so much is lost at most when a process is killed. */
const PENDING_BYTES = 4 * 1024 * 1024;
/** Parts of files that are kept in memory. */
const CHUNKS_IN_MEMORY = 96;
const INDEXES_IN_MEMORY = 48;

export interface PackStoreOptions {
  readonly cache: CacheConfig;
  readonly chainId: number;
  /** The block as a node has it now; `null`: no node has it. */
  readonly blockHash: (height: number) => Promise<string | null>;
  /** Blocks, as they were when what is put was read: they show later that it is of this chain. */
  readonly witnesses?: () => readonly Anchor[];
  readonly onWarning: (line: string) => void;
}

/**
 * What was read of the final blocks of a chain, in files of a folder. Nothing in it is believed
 * before a node has shown that it still has the newest block of each line of files.
 */
export class PackStore {
  private readonly folder: string;
  private files: PackFile[] = [];
  private lineage = randomBytes(4).toString('hex');
  private readonly pending = new Map<PackKind, Map<string, PackEntry>>();
  private pendingBytes = 0;
  private readonly chunks = new Map<string, Promise<Buffer>>();
  private readonly indexed = new Set<PackFile>();
  private opening: Promise<void> | null = null;
  private writing: Promise<void> = Promise.resolve();
  private isBroken = false;

  constructor(private readonly options: PackStoreOptions) {
    this.folder = join(options.cache.folder, String(options.chainId));
  }

  /** The newest value of a key at a block; `null` if there is none. */
  async get(kind: PackKind, key: string, block: number): Promise<Buffer | null> {
    const waiting = this.pending.get(kind)?.get(key);
    if (waiting !== undefined) return waiting.value;
    await this.open();
    for (let index = this.files.length - 1; index >= 0; index--) {
      const file = this.files[index];
      if (file === undefined || file.name.kind !== kind) continue;
      if (block < file.name.from || block > file.name.to) continue;
      const value = await this.readFrom(file, key);
      if (value !== null) return value;
    }
    return null;
  }

  /** Every entry of a kind, the oldest files first. */
  async *all(kind: PackKind): AsyncGenerator<{ readonly key: string; readonly value: Buffer }> {
    await this.open();
    for (const file of [...this.files]) {
      if (file.name.kind !== kind) continue;
      const entries = await this.attempt(file, async () => (await file.readIndex()).entries);
      for (const [key] of entries ?? []) {
        const value = await this.readFrom(file, key);
        if (value !== null) yield { key, value };
      }
      file.forget();
    }
  }

  put(kind: PackKind, entry: PackEntry): void {
    if (this.isBroken) return;
    const entries = this.pending.get(kind) ?? new Map<string, PackEntry>();
    this.pending.set(kind, entries);
    this.pendingBytes += entry.value.length - (entries.get(entry.key)?.value.length ?? 0);
    entries.set(entry.key, entry);
    if (this.pendingBytes > PENDING_BYTES) void this.flush();
  }

  /** Nothing is kept or believed any more in this run. */
  get isOff(): boolean {
    return this.isBroken;
  }

  /** Drops all that is of a block that is not final any more; nothing is kept in this run. */
  discard(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    this.pending.clear();
    this.pendingBytes = 0;
    const { files } = this;
    this.files = [];
    this.writing = this.writing.then(async () => {
      for (const file of files) await file.remove();
    });
    this.options.onWarning(
      `a final block of chain ${this.options.chainId} was replaced: its cache was dropped, and is not used until the next start`,
    );
  }

  /** Writes what waits. Errors of the disk end the caching, not the run. */
  flush(): Promise<void> {
    const batches = [...this.pending].filter(([, entries]) => entries.size > 0);
    this.pending.clear();
    this.pendingBytes = 0;
    if (batches.length > 0) this.writing = this.writing.then(() => this.writeAll(batches));
    return this.writing;
  }

  /** Reads the folder, once, and drops what is of another chain. */
  open(): Promise<void> {
    this.opening ??= this.load().catch((error: unknown) => {
      // A node that does not answer now is asked again with the next question.
      if (isOfDisk(error)) this.fail(error);
      else this.opening = null;
    });
    return this.opening;
  }

  private async load(): Promise<void> {
    const files = await listPacks(this.folder);
    const kept: PackFile[] = [];
    for (const [lineage, newest] of newestAnchors(files)) {
      const members = files.filter(({ name }) => name.lineage === lineage);
      const hash = await this.options.blockHash(newest.number);
      // A node that does not have the block yet says nothing: the files wait for the next run.
      if (hash === null) continue;
      if (isSame(hash, newest)) {
        kept.push(...members);
        this.lineage = lineage;
        continue;
      }
      for (const file of members) await file.remove();
      this.options.onWarning(
        `the cache of chain ${this.options.chainId} was of another chain at block ${newest.number}: it was dropped`,
      );
    }
    this.files = [...kept.sort((a, b) => a.usedAt - b.usedAt), ...this.files];
  }

  private async writeAll(batches: [PackKind, Map<string, PackEntry>][]): Promise<void> {
    if (this.isBroken) return;
    try {
      await this.open();
      if (!(await this.isStillThere())) return this.discard();
      for (const [kind, entries] of batches) await this.write(kind, [...entries.values()]);
      await this.shrink();
    } catch (error) {
      // What a node does not answer for now is read again the next time.
      if (isOfDisk(error)) this.fail(error);
    }
  }

  private async write(kind: PackKind, entries: PackEntry[]): Promise<void> {
    const blocks = entries.map(({ block }) => block);
    const [from, to] = [
      blocks.reduce((a, b) => Math.min(a, b)),
      blocks.reduce((a, b) => Math.max(a, b)),
    ];
    const hash = await this.options.blockHash(to);
    // Without its newest block, nobody could tell later of which chain it is.
    if (hash === null) return;
    entries.sort((a, b) => a.block - b.block);
    const name = { kind, from, to, lineage: this.lineage, anchor: { number: to, hash } };
    this.files.push(await writePack(this.folder, name, entries));
  }

  /** Whether the blocks of the files, and of what waits, are still those of the chain. */
  private async isStillThere(): Promise<boolean> {
    const newest = [...newestAnchors(this.files).values()];
    // A block that is still there shows that those below it are.
    const shown = newest.reduce((height, { number }) => Math.max(height, number), -1);
    const others = (this.options.witnesses?.() ?? []).filter(({ number }) => number > shown);
    for (const anchor of [...newest, ...others]) {
      const hash = await this.options.blockHash(anchor.number);
      if (hash !== null && !isSame(hash, anchor)) return false;
    }
    return true;
  }

  /** Removes what was used least recently until the rest fits. */
  private async shrink(): Promise<void> {
    let total = this.files.reduce((sum, { bytes }) => sum + bytes, 0);
    const byUse = [...this.files].sort((a, b) => a.usedAt - b.usedAt);
    for (const file of byUse) {
      if (total <= this.options.cache.maxBytes || this.files.length < 2) return;
      total -= file.bytes;
      await this.drop(file);
    }
  }

  private async readFrom(file: PackFile, key: string): Promise<Buffer | null> {
    const value = await this.attempt(file, async () => {
      const place = await file.placeOf(key);
      this.rememberIndex(file);
      if (place === null) return null;
      const chunk = await this.chunkOf(file, place.chunk);
      return chunk.subarray(place.offset, place.offset + place.length);
    });
    return value ?? null;
  }

  /** Many ask for values of the same part at once: it is read once. */
  private chunkOf(file: PackFile, number: number): Promise<Buffer> {
    const name = `${file.path} ${number}`;
    const known = this.chunks.get(name);
    if (known !== undefined) return known;
    const chunk = file.readChunk(number);
    this.chunks.set(name, chunk);
    chunk.catch(() => this.chunks.delete(name));
    if (this.chunks.size > CHUNKS_IN_MEMORY) {
      const [oldest] = this.chunks.keys();
      if (oldest !== undefined) this.chunks.delete(oldest);
    }
    return chunk;
  }

  private rememberIndex(file: PackFile): void {
    if (this.indexed.has(file)) return;
    this.indexed.add(file);
    if (this.indexed.size <= INDEXES_IN_MEMORY) return;
    const [oldest] = this.indexed;
    if (oldest === undefined) return;
    this.indexed.delete(oldest);
    oldest.forget();
  }

  /** A file that cannot be read, or is not what was written, is dropped: its contents are fetched. */
  private async attempt<T>(file: PackFile, work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.onWarning(`cache file ${file.path} is damaged (${reason}); it was dropped`);
      await this.drop(file);
      return null;
    }
  }

  private async drop(file: PackFile): Promise<void> {
    this.files = this.files.filter((one) => one !== file);
    this.indexed.delete(file);
    await file.remove().catch((error: unknown) => this.fail(error));
  }

  private fail(error: unknown): void {
    if (this.isBroken) return;
    this.isBroken = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.options.onWarning(`the cache in ${this.folder} is no longer used: ${reason}`);
  }
}

/** The highest block that shows which chain files are of, by their lineage. */
function newestAnchors(files: readonly PackFile[]): Map<string, Anchor> {
  const newest = new Map<string, Anchor>();
  for (const { name } of files) {
    const before = newest.get(name.lineage);
    if (before === undefined || name.anchor.number > before.number) {
      newest.set(name.lineage, name.anchor);
    }
  }
  return newest;
}

function isSame(hash: string, anchor: Anchor): boolean {
  const digits = (text: string) => text.replace(/^0x/, '').toLowerCase();
  return digits(hash).startsWith(digits(anchor.hash));
}

function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}
