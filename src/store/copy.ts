import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Address } from '../address.js';

/** Rows of one table, already in COPY's text format. */
export interface CopyTable {
  readonly table: string;
  readonly columns: string;
  readonly lines: { sealed(): readonly Buffer[] };
}

/** `NULL` in COPY's text format. */
export const NULL = '\\N';

/** `0x…` as bytea in COPY's text format. */
export function copyBytes(hex: Address | string): string {
  return `\\\\x${hex.slice(2)}`;
}

/** Sends all lines with one COPY; nothing is sent for an empty table. */
export async function copyRows(client: ClientBase, { table, columns, lines }: CopyTable) {
  const chunks = lines.sealed();
  if (chunks.length === 0) return;
  const sink = client.query(copyFrom(`COPY ${table} (${columns}) FROM STDIN`));
  // In one piece: each further one would wait for a turn of a busy event loop.
  await pipeline(Readable.from([Buffer.concat(chunks)]), sink);
}
