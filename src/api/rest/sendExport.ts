import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { OpenExport } from '../../export/request/openExport.js';
import { exportHeaders } from '../../export/write/httpHeaders.js';
import { writeParquet } from '../../export/write/parquet.js';
import { acceptsGzip, type ByteRange } from '../http/messages/conditions.js';
import { type AskedBytes, exportTag, makePart, ReprDigest } from './exportRange.js';
import { lastBytesAfter } from './lastBytes.js';

/** A client that takes less in such a time has gone, or holds a place that is for others. */
const BYTES_IN_PACE = 500_000;
/** Rows repeat themselves so much that more effort gains little. */
const GZIP_LEVEL = 3;

/** Whom the rows were for has gone: no fault of anybody here. */
export class ClientLeftError extends Error {
  override readonly name = 'ClientLeftError';
}

/**
 * Opens an export and sends it, as fast as the client takes it. When the client goes away, the
 * query ends in the database too. The export is closed before its last byte goes out: a client that has all
 * of it can ask for the next one at once.
 *
 * @throws ClientLeftError, or whatever the export fails with: once the headers are sent, the
 *   connection has to be broken
 */
export async function sendExport(
  request: IncomingMessage,
  response: ServerResponse,
  { open, paceMs }: { readonly open: () => Promise<AskedBytes>; readonly paceMs: number },
): Promise<void> {
  const { exported, range } = await open();
  const left = new ClientLeftError('the client has gone');
  let hasLeft = false;
  let hasFailed = false;
  exported.rows.once('error', () => {
    hasFailed = true;
  });
  const leave = () => {
    // Rows that fail break the connection too: then it is not the client that has gone.
    hasLeft = !hasFailed;
    exported.rows.destroy(left);
  };
  response.once('close', leave);
  try {
    if (response.destroyed) leave();
    if (exported.request.format === 'parquet')
      await sendParquet(request, response, exported, paceMs);
    else if (range !== null) await sendPart(response, exported, range, paceMs);
    else await sendLines(request, response, exported, paceMs);
  } catch (error) {
    throw hasLeft ? left : error;
  } finally {
    response.off('close', leave);
    await exported.close();
  }
}

async function sendLines(
  request: IncomingMessage,
  response: ServerResponse,
  exported: OpenExport,
  paceMs: number,
): Promise<void> {
  const { rows, manifest, rowCount } = exported;
  // A failure before the first row is an error answer, not a broken connection.
  await once(rows, 'readable');
  const isPacked = acceptsGzip(request);
  // Only answers in chunks have trailers.
  const isChunked = request.method !== 'HEAD' && response.useChunkedEncodingByDefault;
  // In addition to what it varies by already.
  response.appendHeader('vary', 'Accept-Encoding');
  response.writeHead(200, {
    ...exportHeaders(manifest),
    ...(isChunked ? { trailer: 'x-imo-rows, repr-digest' } : {}),
    // Packed bytes may differ next time.
    ...(isPacked
      ? { 'content-encoding': 'gzip', 'accept-ranges': 'none' }
      : againHeaders(request, exported)),
  });
  if (request.method === 'HEAD') {
    await exported.close();
    response.end();
    return;
  }
  breakIfSlow(response, paceMs);
  const place = lastBytesAfter(exported.close);
  const digest = new ReprDigest();
  if (isChunked) {
    digest.through.once('end', () =>
      response.addTrailers({ 'x-imo-rows': String(rowCount()), 'repr-digest': digest.header() }),
    );
  }
  if (isPacked) {
    const gzip = createGzip({ level: GZIP_LEVEL, strategy: constants.Z_DEFAULT_STRATEGY });
    await pipeline(rows, digest.through, gzip, place, response);
  } else {
    await pipeline(rows, digest.through, place, response);
  }
}

/** How the same bytes can be asked for again: by their tag, or by a URL that stands for them. */
function againHeaders(request: IncomingMessage, exported: OpenExport): Record<string, string> {
  const etag = exportTag(exported);
  if (etag === null) return { 'accept-ranges': 'none' };
  const [, search = ''] = (request.url ?? '').split('?', 2);
  const options = new URLSearchParams(search);
  options.set('resume', exported.manifest.resume ?? '');
  return { etag, 'accept-ranges': 'bytes', 'content-location': `?${options}` };
}

/** The rest of an interrupted download: the same bytes as in the whole one. */
async function sendPart(
  response: ServerResponse,
  exported: OpenExport,
  range: ByteRange,
  paceMs: number,
): Promise<void> {
  const part = await makePart(exported, range);
  try {
    const { size, last, reprDigest } = part;
    const headers = {
      ...exportHeaders(exported.manifest),
      etag: exportTag(exported) ?? '',
      'accept-ranges': 'bytes',
      'repr-digest': reprDigest,
      'x-imo-rows': String(exported.rowCount()),
    };
    if (range.first > last) {
      await exported.close();
      response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
      return;
    }
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${range.first}-${last}/${size}`,
      'content-length': last - range.first + 1,
    });
    breakIfSlow(response, paceMs);
    await pipeline(part.read(), lastBytesAfter(exported.close), response);
  } finally {
    await part.close();
  }
}

/** Its index is at its end, so a Parquet file is made whole before it is sent. */
async function sendParquet(
  request: IncomingMessage,
  response: ServerResponse,
  exported: OpenExport,
  paceMs: number,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-export-'));
  try {
    const file = join(folder, 'rows.parquet');
    await writeParquet(exported, file);
    response.writeHead(200, {
      ...exportHeaders(exported.manifest),
      'accept-ranges': 'none',
      'content-length': (await stat(file)).size,
      'x-imo-rows': String(exported.rowCount()),
    });
    breakIfSlow(response, paceMs);
    if (request.method === 'HEAD') {
      await exported.close();
      response.end();
    } else {
      await pipeline(createReadStream(file), lastBytesAfter(exported.close), response);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Only once rows are sent, and while some wait for the client: else it is the client who waits. */
function breakIfSlow(response: ServerResponse, paceMs: number): void {
  const taken = () => (response.socket?.bytesWritten ?? 0) - response.writableLength;
  let before: number | null = null;
  const look = setInterval(() => {
    const now = taken();
    if (before !== null && now - before < BYTES_IN_PACE && response.writableNeedDrain) {
      response.destroy();
    }
    before = response.writableNeedDrain ? now : null;
  }, paceMs);
  look.unref();
  response.once('close', () => clearInterval(look));
}
