import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';

/** One thing that is kept: of which contract, at which block. */
export interface PackEntry {
  readonly key: string;
  /** A contract in lower case, or `blocks`. */
  readonly subject: string;
  readonly block: number;
  readonly value: Buffer;
}

/** Where an entry is in its file. */
export interface PackPlace {
  readonly chunk: number;
  readonly offset: number;
  readonly length: number;
}

const chunkIndex = z.object({
  offset: z.int(),
  length: z.int(),
  rawLength: z.int().max(1 << 30),
  sum: z.string(),
});
const packIndex = z.object({
  chunks: z.array(chunkIndex),
  /** Key, subject by its number, block, chunk, offset, length. */
  entries: z.array(z.tuple([z.string(), z.int(), z.int(), z.int(), z.int(), z.int()])),
  subjects: z.array(z.string()),
});

/** What a pack holds, without the values. */
export type PackIndex = z.infer<typeof packIndex>;

const MAGIC = Buffer.from('IMOPACK1');
/** Values that are compressed together. */
const CHUNK_BYTES = 128 * 1024;
/** Chunks are read more often than they are written. */
const LEVEL = 4;
const TRAILER_BYTES = 4 + 32 + MAGIC.length;

/** A file is not what was written. */
class DamagedPackError extends Error {
  override readonly name = 'DamagedPackError';
}

/**
 * The bytes of a pack: chunks of values, an index, and a trailer with the length and the SHA-256 of
 * the index. The index has the sum of each chunk.
 */
export function encodePack(entries: readonly PackEntry[]): Buffer {
  const subjects = [...new Set(entries.map(({ subject }) => subject))];
  const numbers = new Map(subjects.map((subject, index) => [subject, index]));
  const parts: Buffer[] = [MAGIC];
  const index: PackIndex = { chunks: [], entries: [], subjects };
  let offset = MAGIC.length;
  let pending: Buffer[] = [];
  let raw = 0;
  const finishChunk = () => {
    if (pending.length === 0) return;
    const bytes = deflateRawSync(Buffer.concat(pending), { level: LEVEL });
    index.chunks.push({ offset, length: bytes.length, rawLength: raw, sum: sumOf(bytes) });
    parts.push(bytes);
    offset += bytes.length;
    pending = [];
    raw = 0;
  };
  for (const { key, subject, block, value } of entries) {
    if (raw > 0 && raw + value.length > CHUNK_BYTES) finishChunk();
    const number = numbers.get(subject) ?? 0;
    index.entries.push([key, number, block, index.chunks.length, raw, value.length]);
    pending.push(value);
    raw += value.length;
  }
  finishChunk();
  const encoded = deflateRawSync(JSON.stringify(index), { level: LEVEL });
  const length = Buffer.alloc(4);
  length.writeUInt32BE(encoded.length);
  return Buffer.concat([...parts, encoded, length, hashOf(encoded), MAGIC]);
}

/** How many bytes at the end of a file have to be read for its index. */
export function indexBytes(trailer: Buffer): number {
  if (trailer.length < TRAILER_BYTES || !trailer.subarray(-MAGIC.length).equals(MAGIC)) {
    throw new DamagedPackError('the end of the file is missing');
  }
  return trailer.readUInt32BE(trailer.length - TRAILER_BYTES) + TRAILER_BYTES;
}

export { TRAILER_BYTES };

/** @param tail the last `indexBytes` of the file. @throws DamagedPackError */
export function decodeIndex(tail: Buffer): PackIndex {
  const encoded = tail.subarray(0, tail.length - TRAILER_BYTES);
  const sum = tail.subarray(tail.length - TRAILER_BYTES + 4, tail.length - MAGIC.length);
  if (!hashOf(encoded).equals(sum)) throw new DamagedPackError('the checksum of the index differs');
  return packIndex.parse(JSON.parse(inflateRawSync(encoded).toString('utf8')));
}

/** The values of a chunk as they were before. @throws DamagedPackError */
export function decodeChunk(
  bytes: Buffer,
  { sum, rawLength }: PackIndex['chunks'][number],
): Buffer {
  if (sumOf(bytes) !== sum) throw new DamagedPackError('the checksum of a part differs');
  return inflateRawSync(bytes, { maxOutputLength: rawLength });
}

function sumOf(bytes: Buffer): string {
  return hashOf(bytes).toString('base64').slice(0, 22);
}

function hashOf(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}
