const NEWLINE = 0x0a;

/** A line is longer than it may be. */
export class LongLineError extends Error {}

export interface Lines {
  readonly lines: readonly string[];
  /** What stands after the last line feed of the body: it may be a line that was cut. */
  readonly isRest: boolean;
}

/**
 * The lines of a body, all that came together in one list.
 *
 * @throws LongLineError, and what the body throws
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  bytesAtMost: number,
): AsyncGenerator<Lines> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE);
    restBytes += end < 0 ? chunk.length : 0;
    if (end >= 0) {
      const lines = Buffer.concat([...rest, chunk.subarray(0, end)])
        .toString('utf8')
        .split('\n');
      if (lines.some((line) => line.length > bytesAtMost)) throw tooLong(bytesAtMost);
      yield { lines, isRest: false };
      rest = [];
      restBytes = chunk.length - end - 1;
    }
    if (restBytes > bytesAtMost) throw tooLong(bytesAtMost);
    rest.push(end < 0 ? chunk : chunk.subarray(end + 1));
  }
  if (restBytes > 0) yield { lines: [Buffer.concat(rest).toString('utf8')], isRest: true };
}

function tooLong(bytesAtMost: number): LongLineError {
  return new LongLineError(`a line is longer than ${bytesAtMost} bytes`);
}
