import { NUMERIC_BYTES_AT_MOST, writeNumeric } from './binaryValues.js';

/** Bytes of one chunk. Rows are collected outside the garbage-collected heap. */
const CHUNK_BYTES = 1 << 17;
/** Rows that are sorted together: their numbers fit into the low bits of a double. */
const MOST_ROWS = 2 ** 20;

const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const TRAILER = Buffer.from([0xff, 0xff]);

/**
 * A table whose rows are written in COPY's binary format. Its columns have fixed lengths, except
 * for a `numeric` at the end. The bytes of the row are filled in place and copied when they are
 * appended, so values that repeat from row to row are written once.
 */
export class BinaryTable<Column extends string> {
  /** Names of the columns for COPY, in order. */
  readonly columns: string;
  /** A row without its numeric. */
  readonly bytes: Buffer;
  /** Where each column's value starts in `bytes`. */
  readonly at: Readonly<Record<Column, number>>;

  /**
   * @param lengths bytes of each column, in order
   * @param sortedBy the first column of the table's index: sorted rows are inserted twice as fast
   */
  constructor(
    readonly name: string,
    lengths: Readonly<Record<Column, number>>,
    numericColumn: string,
    readonly sortedBy: NoInfer<Column> | null = null,
  ) {
    const columns = Object.keys(lengths) as Column[];
    this.columns = [...columns, numericColumn].map((column) => `"${column}"`).join(', ');
    const at: Partial<Record<Column, number>> = {};
    let size = 2;
    for (const column of columns) {
      at[column] = size + 4;
      size += 4 + lengths[column];
    }
    this.at = at as Record<Column, number>;
    this.bytes = Buffer.alloc(size);
    this.bytes.writeInt16BE(columns.length + 1, 0);
    for (const column of columns) {
      this.bytes.writeInt32BE(lengths[column], this.at[column] - 4);
    }
  }
}

/** Binary rows of one table, waiting to be sent. */
export class BinaryRows {
  private readonly chunks: Buffer[] = [];
  private chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  private used = 0;

  /**
   * @param row is copied, followed by the numeric
   * @returns the number of bytes
   */
  append(row: Uint8Array, numeric: bigint): number {
    if (this.used + row.length + NUMERIC_BYTES_AT_MOST > CHUNK_BYTES) this.seal();
    const start = this.used;
    this.chunk.set(row, start);
    this.used = writeNumeric(this.chunk, start + row.length, numeric);
    return this.used - start;
  }

  /** Returns and forgets the rows so far, without the header. */
  take(): Buffer[] {
    if (this.used > 0) this.seal();
    return this.chunks.splice(0);
  }

  /** The complete input of COPY. */
  sealed(): readonly Buffer[] {
    const rows = this.take();
    return rows.length === 0 ? [] : [HEADER, ...rows, TRAILER];
  }

  private seal(): void {
    this.chunks.push(this.chunk.subarray(0, this.used));
    this.chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    this.used = 0;
  }
}

/** Binary rows that are sent in the order of four of their bytes. */
export class SortedBinaryRows {
  private readonly rows = new BinaryRows();
  private readonly parts: Buffer[] = [];
  /** The key and the number of each row in one double. */
  private order: number[] = [];
  private starts: number[] = [];
  private size = 0;

  /** @param keyAt where the key starts in a row */
  constructor(private readonly keyAt: number) {}

  append(row: Buffer, numeric: bigint): void {
    if (this.starts.length === MOST_ROWS) this.seal();
    this.order.push(row.readUInt32BE(this.keyAt) * MOST_ROWS + this.starts.length);
    this.starts.push(this.size);
    this.size += this.rows.append(row, numeric);
  }

  sealed(): readonly Buffer[] {
    if (this.size > 0) this.seal();
    return this.parts.length === 0 ? [] : [HEADER, ...this.parts, TRAILER];
  }

  private seal(): void {
    const unsorted = Buffer.concat(this.rows.take());
    const sorted = Buffer.allocUnsafeSlow(unsorted.length);
    let written = 0;
    for (const key of Float64Array.from(this.order).sort()) {
      const row = key % MOST_ROWS;
      const end = this.starts[row + 1] ?? unsorted.length;
      written += unsorted.copy(sorted, written, this.starts[row], end);
    }
    this.parts.push(sorted);
    this.order = [];
    this.starts = [];
    this.size = 0;
  }
}
