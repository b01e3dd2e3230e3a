import type { ClientBase } from 'pg';
import { type CopyTable, copyBytes, copyRows } from './copy.js';
import { CopyLines, SortedCopyLines } from './copyLines.js';
import { blockId } from './ids.js';

/** A table that rows are appended to. */
export interface RowTable {
  readonly name: string;
  /** As COPY names them, in the order of the values in a line. */
  readonly columns: string;
}

/**
 * Rows waiting for a commit, as lines of COPY. Append-only, like the tables; lines are
 * made at once, so that a commit costs the main thread no more than sending them.
 */
export class RowBuffer {
  private rows = 0;
  private readonly tables = new Map<RowTable, CopyLines>();
  private readonly sorted = new Map<RowTable, SortedCopyLines>();
  private readonly blockIds = new Set<string>();
  private readonly blocks = new CopyLines();

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
    if (this.blockIds.has(id)) return;
    this.blockIds.add(id);
    this.blocks.append(`${id}\t${chainId}\t${number}\t${copyBytes(hash)}\t${timestamp}\n`);
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
    if (this.blockIds.size === 0) return;
    const table: CopyTable = {
      table: 'new_block',
      columns: 'id, chain_id, number, hash, "timestamp"',
      lines: this.blocks,
    };
    await client.query('CREATE TEMP TABLE new_block (LIKE block) ON COMMIT DROP');
    await copyRows(client, table);
    await client.query('INSERT INTO block SELECT * FROM new_block ON CONFLICT DO NOTHING');
    await client.query('DROP TABLE new_block');
  }
}
