import type { ClientBase } from 'pg';
import { type CopiedTable, quotedColumns } from '../../../model/table.js';
import { blockId } from '../../ids.js';
import { BinaryRows, type BinaryTable, SortedBinaryRows } from '../copy/binaryRows.js';
import { type CopyTable, copyRows, type PrecedingStatement } from '../copy/copy.js';
import { CopyLines } from '../copy/copyLines.js';

interface BlockRow {
  readonly id: string;
  readonly chainId: number;
  readonly number: number;
  readonly hash: Buffer;
  readonly timestamp: string;
}

/**
 * Rows waiting for a commit, already encoded for COPY. Append-only, like the tables. Encoding
 * happens at once, so that a commit only has to send them.
 */
export class RowBuffer {
  private rows = 0;
  private readonly tables = new Map<CopiedTable, CopyLines>();
  private readonly binary = new Map<BinaryTable<string>, BinaryRows | SortedBinaryRows>();
  private readonly blocks = new Map<string, BlockRow>();

  /** Number of rows waiting. */
  get size(): number {
    return this.rows;
  }

  /** @param line the values in COPY's text format, with its line feed. */
  append(table: CopiedTable, line: string): void {
    let lines = this.tables.get(table);
    if (lines === undefined) {
      lines = new CopyLines();
      this.tables.set(table, lines);
    }
    lines.append(line);
    this.rows++;
  }

  /** Appends the current row in the table's bytes, with its numeric. */
  appendBinary(table: BinaryTable<string>, numeric: bigint): void {
    let waiting = this.binary.get(table);
    if (waiting === undefined) {
      const { sortedBy, at } = table;
      waiting = sortedBy === null ? new BinaryRows() : new SortedBinaryRows(at[sortedBy] ?? 0);
      this.binary.set(table, waiting);
    }
    waiting.append(table.bytes, numeric);
    this.rows++;
  }

  /** Notes that a block has operations. Calls may repeat. */
  block(chainId: number, number: number, hash: string, timestamp: string): void {
    const id = blockId(chainId, number);
    if (this.blocks.has(id)) return;
    this.blocks.set(id, { id, chainId, number, hash: bytesOf(hash), timestamp });
    this.rows++;
  }

  /** Writes all rows inside the caller's transaction. */
  async write(client: ClientBase): Promise<void> {
    const tables: CopyTable[] = [];
    for (const [table, rows] of this.tables) {
      tables.push({
        table: table.name,
        columns: quotedColumns(table).join(', '),
        format: 'text',
        rows,
      });
    }
    for (const [{ name, columns }, rows] of this.binary) {
      tables.push({ table: name, columns, format: 'binary', rows });
    }
    await copyRows(client, tables, this.insertBlocks());
  }

  /** A block may already be known: money without a transaction can be found in it later. */
  private insertBlocks(): PrecedingStatement[] {
    if (this.blocks.size === 0) return [];
    const blocks = [...this.blocks.values()];
    return [
      {
        text: `INSERT INTO block (id, chain_id, number, hash, "timestamp")
          SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bytea[], $5::timestamptz[])
          ON CONFLICT DO NOTHING`,
        values: [
          blocks.map(({ id }) => id),
          blocks.map(({ chainId }) => chainId),
          blocks.map(({ number }) => number),
          blocks.map(({ hash }) => `\\\\x${hash.toString('hex')}`),
          blocks.map(({ timestamp }) => timestamp),
        ].map((column) => `{${column.map((value) => `"${value}"`).join(',')}}`),
      },
    ];
  }
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.slice(2), 'hex');
}
