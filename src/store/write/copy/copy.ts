import type { ClientBase, Connection, Submittable } from 'pg';

/** Rows of one table, already in a format of COPY. */
export interface CopyTable {
  readonly table: string;
  readonly columns: string;
  readonly format: 'text' | 'binary';
  readonly rows: { sealed(): readonly Buffer[] };
}

/** A statement that runs before the rows are copied. */
export interface PrecedingStatement {
  readonly text: string;
  /** The parameters in PostgreSQL's text format. */
  readonly values: readonly string[];
}

/**
 * Sends all rows. Sends nothing for an empty table. @param before statements that run first, in the
 * same way
 */
export async function copyRows(
  client: ClientBase,
  tables: readonly CopyTable[],
  before: readonly PrecedingStatement[] = [],
): Promise<void> {
  const copies = tables
    .map(({ table, columns, format, rows }) => ({
      text: `COPY ${table} (${columns}) FROM STDIN (FORMAT ${format})`,
      chunks: rows.sealed(),
    }))
    .filter(({ chunks }) => chunks.length > 0);
  if (copies.length === 0 && before.length === 0) return;
  await new Promise<void>((resolve, reject) => {
    client.query(new CopyPipeline(before, copies, resolve, reject));
  });
}

/** Messages of PostgreSQL's protocol: a letter, the length of the rest, the content. */
const COPY_DATA = 'd'.charCodeAt(0);
const LENGTH_BYTES = 4;
const COPY_DONE = Buffer.from([...Buffer.from('c'), 0, 0, 0, LENGTH_BYTES]);

/**
 * Sends statements without results and several COPY commands with all their data, without waiting
 * for answers in between. In a backfill the event loop is busy, and each answer would wait for its
 * turn.
 */
class CopyPipeline implements Submittable {
  constructor(
    private readonly before: readonly PrecedingStatement[],
    private readonly copies: readonly { text: string; chunks: readonly Buffer[] }[],
    private readonly resolve: () => void,
    private readonly reject: (error: Error) => void,
  ) {}

  /** Called by `pg` when it is this query's turn. */
  submit(connection: Connection): void {
    const { stream } = connection;
    stream.cork();
    for (const { text, values } of this.before) {
      connection.parse({ name: '', text, types: [] }, true);
      connection.bind({ values: [...values] }, true);
      connection.execute({}, true);
    }
    for (const { text, chunks } of this.copies) {
      connection.parse({ name: '', text, types: [] }, true);
      connection.bind({}, true);
      connection.execute({}, true);
      for (const chunk of chunks) {
        stream.write(messageHead(chunk.length));
        stream.write(chunk);
      }
      stream.write(COPY_DONE);
    }
    connection.sync();
    stream.uncork();
  }

  handleCopyInResponse(): void {
    // The data is already on its way.
  }

  handleCommandComplete(): void {
    // One answer for each command, and one end for all.
  }

  handleReadyForQuery(): void {
    this.resolve();
  }

  handleError(error: Error): void {
    this.reject(error);
  }
}

function messageHead(contentBytes: number): Buffer {
  const head = Buffer.alloc(1 + LENGTH_BYTES);
  head[0] = COPY_DATA;
  head.writeInt32BE(contentBytes + LENGTH_BYTES, 1);
  return head;
}
