/** Characters collected in a string before they go into a chunk. */
const CHARACTERS_PER_CHUNK = 1 << 16;

/**
 * Pending lines in COPY's text format. They are kept outside the garbage-collected heap: the
 * collector would copy hundreds of thousands of small strings several times before they are sent.
 * Lines must already be escaped and end with a line feed.
 */
export class CopyLines {
  private readonly chunks: Buffer[] = [];
  private pending = '';

  append(line: string): void {
    this.pending += line;
    if (this.pending.length >= CHARACTERS_PER_CHUNK) this.seal();
  }

  /** All chunks so far, in order. */
  sealed(): readonly Buffer[] {
    if (this.pending !== '') this.seal();
    return this.chunks;
  }

  private seal(): void {
    this.chunks.push(Buffer.from(this.pending));
    this.pending = '';
  }
}
