import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { acceptsGzip, hasSame } from './conditions.js';

/** What is sent of a file: it is the same for all. */
export interface ServedFile {
  readonly body: Buffer;
  /** `null`: packing saves nothing. */
  readonly packed: Buffer | null;
  readonly etag: string;
  /** `content-type`, and how long it may be kept. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Packs a file once, for all who will ask for it. */
export async function servedFile(
  body: Buffer,
  headers: Readonly<Record<string, string>>,
): Promise<ServedFile> {
  const packed = await promisify(gzip)(body);
  return {
    body,
    packed: packed.length < body.length * 0.9 ? packed : null,
    etag: `"${sha256(body)}"`,
    headers,
  };
}

/** Sends a file, or that the browser has it. */
export function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  { body, packed, etag, headers }: ServedFile,
): void {
  if (packed !== null) response.appendHeader('vary', 'Accept-Encoding');
  if (hasSame(request, etag)) {
    response
      .writeHead(304, { etag, 'cache-control': headers['cache-control'] ?? 'no-cache' })
      .end();
    return;
  }
  const sent = packed !== null && acceptsGzip(request) ? packed : body;
  response.writeHead(200, {
    ...headers,
    etag,
    'content-length': sent.length,
    ...(sent === packed ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : sent);
}

/** Whether somebody looks at it with a browser. */
export function isForBrowser({ method = '', headers }: IncomingMessage): boolean {
  return ['GET', 'HEAD'].includes(method) && (headers.accept ?? '').includes('text/html');
}

export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64');
}
