import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ImoError } from '../../../errors.js';
import { listPacks, type PackFile, parseName, replaceFile } from './packFile.js';

/** What the cache has of a contract, or of blocks as such. */
export interface CacheContents {
  readonly chainId: number;
  /** A contract in lower case, or `blocks`. */
  readonly subject: string;
  readonly fromBlock: number;
  readonly toBlock: number;
  readonly entries: number;
  readonly bytes: number;
}

/** A file of the cache, with its chain. */
export interface ChainPack {
  readonly chainId: number;
  readonly file: PackFile;
}

export interface PruneOptions {
  readonly chainId?: number;
  /** Only files that were not used for so many days. */
  readonly olderThanDays?: number;
}

const MAGIC = 'IMOCACHE1\n';
const MANIFEST_BYTES = 64 * 1024 * 1024;
const manifest = z.array(
  z.object({ chainId: z.int().min(1), name: z.string(), bytes: z.int().min(0) }),
);

/** Every file below the folder of a cache. */
export async function cachePacks(folder: string): Promise<ChainPack[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const packs: ChainPack[] = [];
  for (const name of names.filter((text) => /^\d+$/.test(text)).sort()) {
    const files = await listPacks(join(folder, name));
    files.sort((a, b) => a.name.from - b.name.from);
    packs.push(...files.map((file) => ({ chainId: Number(name), file })));
  }
  return packs;
}

/** What is kept, by chain and contract. Bytes are the share in the files, by their uncompressed size. */
export async function cacheContents(packs: readonly ChainPack[]): Promise<CacheContents[]> {
  const found = new Map<string, CacheContents>();
  for (const { chainId, file } of packs) {
    const { entries, subjects } = await file.readIndex();
    const raw = entries.reduce((sum, entry) => sum + entry[5], 0);
    for (const [, number, block, , , length] of entries) {
      const subject = subjects[number] ?? 'blocks';
      const key = `${chainId} ${subject}`;
      const before = found.get(key);
      const bytes = (before?.bytes ?? 0) + (length / Math.max(raw, 1)) * file.bytes;
      found.set(key, {
        chainId,
        subject,
        fromBlock: Math.min(before?.fromBlock ?? block, block),
        toBlock: Math.max(before?.toBlock ?? block, block),
        entries: (before?.entries ?? 0) + 1,
        bytes,
      });
    }
    file.forget();
  }
  return [...found.values()].map((one) => ({ ...one, bytes: Math.round(one.bytes) }));
}

/** Reads everything and compares it with its checksums. @returns what is damaged, and why */
export async function verifyPacks(
  packs: readonly ChainPack[],
): Promise<{ readonly path: string; readonly reason: string }[]> {
  const damaged: { path: string; reason: string }[] = [];
  for (const { file } of packs) {
    try {
      const { chunks } = await file.readIndex();
      for (let number = 0; number < chunks.length; number++) await file.readChunk(number);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      damaged.push({ path: file.path, reason });
    }
    file.forget();
  }
  return damaged;
}

/** Removes files. @returns how many, and their bytes */
export async function prunePacks(
  packs: readonly ChainPack[],
  { chainId, olderThanDays = 0 }: PruneOptions,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const before = Date.now() - olderThanDays * 86_400_000;
  const gone = packs.filter(
    (pack) => (chainId === undefined || pack.chainId === chainId) && pack.file.usedAt <= before,
  );
  for (const { file } of gone) await file.remove();
  return { files: gone.length, bytes: gone.reduce((sum, { file }) => sum + file.bytes, 0) };
}

/** Writes all files into one, which `unpackCache` takes. */
export async function packCache(packs: readonly ChainPack[], path: string): Promise<void> {
  const list = packs.map(({ chainId, file }) => {
    return { chainId, name: baseName(file.path), bytes: file.bytes };
  });
  const temporary = `${path}.tmp`;
  const out = await open(temporary, 'w', 0o600);
  try {
    await out.writeFile(`${MAGIC}${JSON.stringify(list)}\n`);
    for (const { file } of packs) {
      for await (const part of createReadStream(file.path)) await out.writeFile(part);
    }
    await out.sync();
  } finally {
    await out.close();
  }
  await rename(temporary, path);
}

/**
 * Puts the files of a packed cache into a folder. Each is verified before it gets its name.
 *
 * @returns how many there were
 * @throws ImoError `CACHE_NOT_PACKED` if the file is not what `packCache` wrote
 */
export async function unpackCache(path: string, folder: string): Promise<number> {
  const packed = await open(path, 'r');
  try {
    const { list, offset } = await readManifest(packed, path);
    let position = offset;
    for (const { chainId, name, bytes } of list) {
      // The name decides the path, so only our own names are accepted.
      if (parseName(name) === null) throw notPacked(path, `it names a file "${name.slice(0, 80)}"`);
      const content = Buffer.alloc(bytes);
      const { bytesRead } = await packed.read(content, 0, bytes, position);
      if (bytesRead < bytes) throw notPacked(path, 'its end is missing');
      position += bytes;
      await place(join(folder, String(chainId)), name, content, path);
    }
    return list.length;
  } finally {
    await packed.close();
  }
}

async function place(folder: string, name: string, content: Buffer, path: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const target = join(folder, name);
  await replaceFile(target, content);
  const files = (await listPacks(folder)).filter((file) => file.path === target);
  const [damage] = await verifyPacks(files.map((file) => ({ chainId: 0, file })));
  if (damage === undefined) return;
  await rm(target, { force: true });
  throw notPacked(path, damage.reason);
}

async function readManifest(packed: FileHandle, path: string) {
  const head = Buffer.alloc(MANIFEST_BYTES);
  const { bytesRead } = await packed.read(head, 0, MANIFEST_BYTES, 0);
  const text = head.subarray(0, bytesRead);
  if (!text.subarray(0, MAGIC.length).equals(Buffer.from(MAGIC))) {
    throw notPacked(path, 'it does not start like a packed cache');
  }
  const end = text.indexOf(0x0a, MAGIC.length);
  if (end < 0) throw notPacked(path, 'its list of files is missing');
  const parsed = manifest.safeParse(parse(text.subarray(MAGIC.length, end).toString('utf8')));
  if (!parsed.success) throw notPacked(path, 'its list of files is not valid');
  return { list: parsed.data, offset: end + 1 };
}

function notPacked(path: string, why: string): ImoError {
  return new ImoError(
    'CACHE_NOT_PACKED',
    `${path} is not a packed cache: ${why}`,
    'Write one with `imo-ledger cache pack FILE`, and copy the whole file.',
  );
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
