import { Transform, type TransformCallback } from 'node:stream';

const NEW_LINE = 0x0a;
/** What is passed on at once: the driver gives row by row, which is slow to compress. */
const BLOCK_BYTES = 1 << 17;

/** Counts rows in COPY's text format, and passes them on in blocks. */
export class RowMeter extends Transform {
  /** A row ends with a line feed; those in values are escaped. */
  rows = 0;
  bytes = 0;
  private waiting: Buffer[] = [];
  private waitingBytes = 0;

  constructor(private readonly onBytes: (bytes: number) => void = () => undefined) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    for (let at = chunk.indexOf(NEW_LINE); at >= 0; at = chunk.indexOf(NEW_LINE, at + 1)) {
      this.rows += 1;
    }
    this.bytes += chunk.length;
    this.waiting.push(chunk);
    this.waitingBytes += chunk.length;
    if (this.waitingBytes >= BLOCK_BYTES) this.passOn();
    done();
  }

  override _flush(done: TransformCallback): void {
    if (this.waitingBytes > 0) this.passOn();
    done();
  }

  private passOn(): void {
    this.onBytes(this.bytes);
    this.push(Buffer.concat(this.waiting));
    this.waiting = [];
    this.waitingBytes = 0;
  }
}
