import type { Readable } from 'node:stream';
import type { CopiedTable, CopyDescription } from './description.js';

/** How far a copy is. The unit depends on what is copied: bytes of a file, or of tables on disk. */
export interface CopyProgress {
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

/** Where the rows of a database come from: another database, or a backup. */
export interface CopySource {
  readonly description: CopyDescription;
  /**
   * The rows of a table in COPY's text format, in UTF-8. The stream fails if they are damaged. One table
   * at a time, in the order of the description.
   */
  read(table: CopiedTable): Promise<Readable>;
  /**
   * Call it when all rows of a table are written.
   *
   * @throws ImoError if the source had another number of rows
   */
  assertComplete(table: CopiedTable, rowsWritten: number): void;
}
