import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { damaged, LINE_BYTES, parseHeader, parseLine } from './backupFormat.js';
import type { CopyProgress, CopySource } from './copySource.js';
import type { BackupHeader, CopiedTable, PackedTable } from './description.js';
import { unreadable } from './fileErrors.js';

const BLOCK_BYTES = 1 << 20;

/** A backup that was found whole, as a source of rows. */
export class BackupFile implements CopySource {
  private readonly starts = new Map<string, number>();
  private readonly end: number;

  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    readonly description: BackupHeader,
    firstRows: number,
    private readonly onProgress: (progress: CopyProgress) => void,
  ) {
    let at = firstRows;
    for (const { name, packedBytes } of description.tables) {
      this.starts.set(name, at);
      at += packedBytes;
    }
    this.end = at;
  }

  /**
   * Opens a backup and reads its header; `verify` reads the rest.
   *
   * @throws ImoError `BACKUP_UNREADABLE`, and those of `parseLine` and `parseHeader`
   */
  static async open(
    path: string,
    knownMigrations: readonly string[],
    onProgress: (progress: CopyProgress) => void = () => undefined,
  ): Promise<BackupFile> {
    const file = await open(path, 'r').catch((cause: unknown) => {
      throw unreadable(path, cause);
    });
    try {
      const line = parseLine(path, await readAt(file, 0, LINE_BYTES));
      const text = await readAt(file, LINE_BYTES, line.length);
      const header = parseHeader(path, text, line, knownMigrations);
      return new BackupFile(path, file, header, LINE_BYTES + line.length, onProgress);
    } catch (error) {
      await file.close();
      throw error instanceof Error && 'syscall' in error ? unreadable(path, error) : error;
    }
  }

  /** @throws ImoError `BACKUP_DAMAGED` if the file is cut off, too long, or a checksum differs */
  async verify(signal: AbortSignal): Promise<void> {
    const { size } = await this.file.stat();
    if (size < this.end) {
      throw damaged(this.path, `it has ${size} of ${this.end} bytes`);
    }
    if (size > this.end) throw damaged(this.path, `${size - this.end} bytes follow its end`);
    for (const table of this.description.tables) {
      const hash = createHash('sha256');
      for await (const block of this.blocksOf(table)) {
        signal.throwIfAborted();
        hash.update(block);
      }
      this.assertHash(table, hash);
    }
  }

  async read({ name }: CopiedTable): Promise<Readable> {
    const table = this.tableNamed(name);
    const hash = createHash('sha256');
    const before = this.startOf(table);
    let done = before;
    const check = new Transform({
      transform: (block: Buffer, _encoding, pass) => {
        hash.update(block);
        done += block.length;
        this.onProgress({ table: name, done, total: this.end });
        pass(null, block);
      },
      flush: (pass) => {
        try {
          this.assertHash(table, hash);
          pass();
        } catch (error) {
          pass(error instanceof Error ? error : new Error(String(error)));
        }
      },
    });
    const rows = createGunzip({ chunkSize: BLOCK_BYTES });
    // The reader of the rows gets the error.
    return pipeline(Readable.from(this.blocksOf(table)), check, rows, () => undefined);
  }

  assertComplete({ name }: CopiedTable, rowsWritten: number): void {
    const { rows } = this.tableNamed(name);
    if (rows === rowsWritten) return;
    throw damaged(this.path, `${name} has ${rowsWritten} rows instead of ${rows}`);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private async *blocksOf(table: PackedTable): AsyncGenerator<Buffer> {
    const end = this.startOf(table) + table.packedBytes;
    for (let at = this.startOf(table); at < end; ) {
      const block = await readAt(this.file, at, Math.min(BLOCK_BYTES, end - at));
      if (block.length === 0) throw damaged(this.path, `it ends in the rows of ${table.name}`);
      at += block.length;
      yield block;
    }
  }

  private assertHash({ name, sha256 }: PackedTable, hash: Hash): void {
    if (hash.digest('hex') === sha256) return;
    throw damaged(this.path, `the checksum of the rows of ${name} differs`);
  }

  private tableNamed(name: string): PackedTable {
    const table = this.description.tables.find((candidate) => candidate.name === name);
    if (table === undefined) throw damaged(this.path, `it has no rows of ${name}`);
    return table;
  }

  private startOf({ name }: PackedTable): number {
    return this.starts.get(name) ?? this.end;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(buffer, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return buffer.subarray(0, read);
}
