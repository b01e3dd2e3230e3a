import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImoError } from '../../errors.js';
import type { OpenExport } from '../../export/request/openExport.js';
import type { ExportRequest } from '../../export/request/request.js';
import { type ByteRange, byteRange } from '../http/messages/conditions.js';

/** Why the rows of an earlier export cannot be had again: its client gets all of a new one. */
const GONE = ['CHAIN_REORGANISED', 'EXPORT_BAD_OPTION', 'EXPORT_CHANGED', 'EXPORT_PRICES_CHANGED'];

/** An export, and the bytes of it that the client lacks; `null`: all. */
export interface AskedBytes {
  readonly exported: OpenExport;
  readonly range: ByteRange | null;
}

/**
 * Names the bytes of an export: the same tag, the same bytes. It is the resume point, so it can be
 * opened again. `null`: it has none, or its bytes may differ next time (Parquet).
 */
export function exportTag({ manifest }: OpenExport): string | null {
  const { resume, after, format } = manifest;
  if (resume === null || after !== null || format === 'parquet') return null;
  return `"${resume}.${format}"`;
}

/**
 * Opens the export that a client asks for. Only a part of it is sent if it must be of the same bytes
 * as what the client has: `If-Range` names them, or the URL does (`resume`).
 *
 * @throws what `open` throws
 */
export async function openAsked(
  request: IncomingMessage,
  asked: ExportRequest,
  open: (request: ExportRequest) => Promise<OpenExport>,
): Promise<AskedBytes> {
  const range = byteRange(request);
  const { 'if-range': tag } = request.headers;
  if (range === null || asked.cursor !== null) return { exported: await open(asked), range: null };
  if (typeof tag !== 'string') {
    const exported = await open(asked);
    return { exported, range: asked.resume === null ? null : partOf(exported, range) };
  }
  const again = await openAgain(asked, tag, open);
  return again === null
    ? { exported: await open(asked), range: null }
    : { exported: again, range: partOf(again, range) };
}

function partOf(exported: OpenExport, range: ByteRange): ByteRange | null {
  return exportTag(exported) === null ? null : range;
}

/** The export of a tag; `null`: it is of another one, or its rows are no longer the same. */
async function openAgain(
  asked: ExportRequest,
  tag: string,
  open: (request: ExportRequest) => Promise<OpenExport>,
): Promise<OpenExport | null> {
  const [, resume, format] = /^"([\w-]+)\.(\w+)"$/.exec(tag) ?? [];
  if (resume === undefined || format !== asked.format) return null;
  if (asked.resume !== null && asked.resume !== resume) return null;
  try {
    return await open({ ...asked, resume });
  } catch (error) {
    if (error instanceof ImoError && GONE.includes(error.code)) return null;
    throw error;
  }
}

/** RFC 9530: lets a client check a file that it has put together of parts. */
export class ReprDigest {
  private readonly hash = createHash('sha256');

  /** Passes all bytes on. */
  readonly through = new Transform({
    transform: (chunk: Buffer, _, done) => {
      this.hash.update(chunk);
      done(null, chunk);
    },
  });

  /** Right once all bytes have passed. */
  header(): string {
    return `sha-256=:${this.hash.digest('base64')}:`;
  }
}

/** A part of an export with its size. It is made whole first: only then its end is known. */
export interface ExportPart {
  readonly size: number;
  readonly reprDigest: string;
  /** Less than the first if the export ends before the part begins. */
  readonly last: number;
  read(): Readable;
  /** Deletes the file. */
  close(): Promise<void>;
}

/** @throws what the rows fail with */
export async function makePart(
  { rows }: OpenExport,
  { first, last }: ByteRange,
): Promise<ExportPart> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-export-'));
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    const file = join(folder, 'rows');
    const digest = new ReprDigest();
    const written = createWriteStream(file);
    await pipeline(rows, digest.through, written);
    const size = written.bytesWritten;
    const end = Math.min(last ?? size - 1, size - 1);
    return {
      size,
      reprDigest: digest.header(),
      last: end,
      read: () => createReadStream(file, { start: first, end }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
