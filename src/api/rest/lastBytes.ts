import { Transform } from 'node:stream';

/**
 * Passes bytes on, the last of them only after `before` is done. A client that has all bytes can rely on it.
 *
 * @param before its failure breaks the stream
 */
export function lastBytesAfter(before: () => Promise<void>): Transform {
  let last: Buffer | null = null;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const earlier = last;
      last = chunk;
      if (earlier === null) done();
      else done(null, earlier);
    },
    flush(done) {
      before().then(() => done(null, last), done);
    },
  });
}
