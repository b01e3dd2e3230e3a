import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { RpcConnectionError } from '@subsquid/rpc-client';

/** An answer is larger than it may be; the rest of it was not received. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
}

const UNPACKERS = new Map([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/**
 * The text of an HTTP answer, unpacked.
 *
 * @param most bytes that it may have, packed and unpacked
 * @throws AnswerTooLargeError, RpcConnectionError if it ends too early
 */
export async function receiveBody(response: IncomingMessage, most: number): Promise<string> {
  const packed = await receiveBytes(response, most);
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || packed.length === 0) return packed.toString();
  const unpack = UNPACKERS.get(encoding);
  if (unpack === undefined) throw new RpcConnectionError(`it answered in encoding ${encoding}`);
  try {
    return (await unpack(packed, { maxOutputLength: most })).toString();
  } catch (error) {
    if (error instanceof RangeError) throw new AnswerTooLargeError(`more than ${most} bytes`);
    throw new RpcConnectionError(`its ${encoding} answer cannot be unpacked`);
  }
}

function receiveBytes(response: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > most) response.destroy(new AnswerTooLargeError(`more than ${most} bytes`));
    });
    response.once('end', () => resolve(Buffer.concat(chunks, length)));
    const fail = (error: unknown) =>
      reject(
        error instanceof AnswerTooLargeError
          ? error
          : new RpcConnectionError('its answer ended early'),
      );
    response.on('error', fail);
    // After the end this changes nothing.
    response.once('close', fail);
  });
}
