import type { IncomingMessage } from 'node:http';
import { ImoError } from '../../../errors.js';

/**
 * The body of a request.
 *
 * @throws ImoError `REQUEST_TOO_LARGE`; `REQUEST_ABORTED` if the client closed the connection.
 */
export function readBody(request: IncomingMessage, bytesAtMost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () =>
      reject(
        new ImoError(
          'REQUEST_TOO_LARGE',
          `the request has more than ${bytesAtMost} bytes`,
          'Split it into several requests.',
        ),
      );
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > bytesAtMost) {
      tooLarge();
      return;
    }
    const chunks: Buffer[] = [];
    let bytes = 0;
    const onData = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesAtMost) {
        request.off('data', onData);
        request.pause();
        tooLarge();
      } else {
        chunks.push(chunk);
      }
    };
    request.on('data', onData);
    request.once('end', () => {
      const [first] = chunks;
      resolve(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks));
    });
    const aborted = () =>
      reject(new ImoError('REQUEST_ABORTED', 'the client closed the connection', 'Ask again.'));
    request.once('error', aborted);
    request.once('close', () => {
      if (!request.complete) aborted();
    });
  });
}
