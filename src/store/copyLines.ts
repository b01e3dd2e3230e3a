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

/** Lines that are sorted together: their numbers fill the low bits of a double. */
const MOST_LINES = 2 ** 20;
/** Of an address; 32 bits, the high ones of a double's 53. */
const KEY_HEX_DIGITS = 8;

/**
 * Lines that are sent in the order of an address: rows of a table whose index begins with one
 * go in twice as fast when those of neighbours come together. Kept outside the heap, too.
 */
export class SortedCopyLines {
  private readonly parts: Buffer[] = [];
  private lines = new CopyLines();
  private length = 0;
  /** For each line its key and its number in one double. */
  private order: number[] = [];
  private starts: number[] = [];

  /**
   * @param line ASCII: its length counts bytes
   * @param address lower case; decides the place
   */
  append(line: string, address: string): void {
    if (this.starts.length === MOST_LINES) this.seal();
    const key = Number.parseInt(address.slice(2, 2 + KEY_HEX_DIGITS), 16);
    this.order.push(key * MOST_LINES + this.starts.length);
    this.starts.push(this.length);
    this.lines.append(line);
    this.length += line.length;
  }

  sealed(): readonly Buffer[] {
    if (this.length > 0) this.seal();
    return this.parts;
  }

  private seal(): void {
    const unsorted = Buffer.concat(this.lines.sealed());
    const sorted = Buffer.allocUnsafe(unsorted.length);
    let written = 0;
    for (const key of Float64Array.from(this.order).sort()) {
      const line = key % MOST_LINES;
      const end = this.starts[line + 1] ?? unsorted.length;
      written += unsorted.copy(sorted, written, this.starts[line], end);
    }
    this.parts.push(sorted);
    this.lines = new CopyLines();
    this.length = 0;
    this.order = [];
    this.starts = [];
  }
}
