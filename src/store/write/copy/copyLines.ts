/** Characters gathered as a string before they go into a chunk. */
const CHARACTERS_PER_CHUNK = 1 << 16;

/**
 * Lines of COPY's text format, waiting. Kept outside the garbage-collected heap: hundreds of
 * thousands of small strings would be copied by the collector several times before they are
 * sent. Lines must be escaped already and end with a line feed.
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
