import type { ClientBase } from 'pg';
import { copyRows } from './copy.js';
import { CopyLines, SortedCopyLines } from './copyLines.js';
import { blockId } from './ids.js';

/** A table that rows are appended to. */
export interface RowTable {
  readonly name: string;
  /** As COPY names them, in the order of the values in a line. */
  readonly columns: string;
}

interface BlockRow {
  readonly id: string;
  readonly chainId: number;
  readonly number: number;
  readonly hash: Buffer;
  readonly timestamp: string;
}

/**
 * Rows waiting for a commit, as lines of COPY. Append-only, like the tables; lines are
 * made at once, so that a commit costs the main thread no more than sending them.
 */
export class RowBuffer {
  private rows = 0;
  private readonly tables = new Map<RowTable, CopyLines>();
  private readonly sorted = new Map<RowTable, SortedCopyLines>();
  private readonly blocks = new Map<string, BlockRow>();

  /** Number of rows waiting. */
  get size(): number {
    return this.rows;
  }

  /** @param line the values in COPY's text format, with its line feed. */
  append(table: RowTable, line: string): void {
    let lines = this.tables.get(table);
    if (lines === undefined) {
      lines = new CopyLines();
      this.tables.set(table, lines);
    }
    lines.append(line);
    this.rows++;
  }

  /** As `append`, for a table whose index begins with an address. */
  appendSorted(table: RowTable, line: string, address: string): void {
    let lines = this.sorted.get(table);
    if (lines === undefined) {
      lines = new SortedCopyLines();
      this.sorted.set(table, lines);
    }
    lines.append(line, address);
    this.rows++;
  }

  /** Notes that a block has operations. May be said more than once. */
  block(chainId: number, number: number, hash: string, timestamp: string): void {
    const id = blockId(chainId, number);
    if (this.blocks.has(id)) return;
    this.blocks.set(id, { id, chainId, number, hash: bytesOf(hash), timestamp });
    this.rows++;
  }

  /** Writes all rows inside the caller's transaction. */
  async write(client: ClientBase): Promise<void> {
    await this.writeBlocks(client);
    for (const [{ name, columns }, lines] of [...this.tables, ...this.sorted]) {
      await copyRows(client, { table: name, columns, lines });
    }
  }

  /** A block may be known already: money without a transaction can be found in it later. */
  private async writeBlocks(client: ClientBase): Promise<void> {
    if (this.blocks.size === 0) return;
    const blocks = [...this.blocks.values()];
    await client.query({
      name: 'insert-blocks',
      text: `INSERT INTO block (id, chain_id, number, hash, "timestamp")
        SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::bytea[], $5::timestamptz[])
        ON CONFLICT DO NOTHING`,
      values: [
        blocks.map(({ id }) => id),
        blocks.map(({ chainId }) => chainId),
        blocks.map(({ number }) => number),
        blocks.map(({ hash }) => hash),
        blocks.map(({ timestamp }) => timestamp),
      ],
    });
  }
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
