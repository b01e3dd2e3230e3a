import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { acceptsGzip } from './conditions.js';

const pack = promisify(gzip);
/** Less fits into one packet. */
const PACKED_FROM_BYTES = 1_024;
const LEVEL = constants.Z_BEST_SPEED;

/** Sends a whole answer, packed if it is large and the client takes that. */
export async function sendBody(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Promise<void> {
  const bytes = Buffer.byteLength(body);
  const isLarge = bytes > PACKED_FROM_BYTES;
  // Caches between us and the client must know.
  if (isLarge) response.appendHeader('vary', 'Accept-Encoding');
  if (!isLarge || !acceptsGzip(request) || request.method === 'HEAD') {
    response.writeHead(status, { ...headers, 'content-length': bytes });
    response.end(request.method === 'HEAD' ? undefined : body);
    return;
  }
  const packed = await pack(body, { level: LEVEL });
  if (response.destroyed) return;
  response.writeHead(status, {
    ...headers,
    'content-encoding': 'gzip',
    'content-length': packed.length,
  });
  response.end(packed);
}
