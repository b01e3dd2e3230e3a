import { createHash } from 'node:crypto';
import { ImoError } from '../../errors.js';
import { type BackupHeader, backupHeader } from './description.js';

/**
 * A backup file: a line of fixed length, the header as JSON, and the rows of each table in the order of
 * the header, in COPY's text format, as one gzip stream per table.
 *
 *     imo-ledger backup 0001 00012345 <SHA-256 of the header as hex>⏎
 */
const NAME = 'imo-ledger backup ';
/** Grows with every change that an older program cannot read. */
const FORMAT = 1;
const LINE = /^imo-ledger backup (\d{4}) (\d{8}) ([0-9a-f]{64})\n$/;
export const LINE_BYTES = NAME.length + 4 + 1 + 8 + 1 + 64 + 1;

/** Longer than any header: what is written before the sizes of the tables are known. */
export function headerRoom(header: BackupHeader): number {
  const longest = header.tables.map((table) => ({
    ...table,
    rows: Number.MAX_SAFE_INTEGER,
    bytes: Number.MAX_SAFE_INTEGER,
    packedBytes: Number.MAX_SAFE_INTEGER,
    sha256: '0'.repeat(64),
  }));
  return Buffer.byteLength(JSON.stringify({ ...header, tables: longest }));
}

/** The line and the header, which is filled up with spaces. */
export function encodeHeader(header: BackupHeader, room: number): Buffer {
  const text = Buffer.alloc(room, ' ');
  text.write(JSON.stringify(header));
  const [format, length] = [String(FORMAT).padStart(4, '0'), String(room).padStart(8, '0')];
  return Buffer.concat([Buffer.from(`${NAME}${format} ${length} ${sha256(text)}\n`), text]);
}

/** The length and checksum of the header, from the first line. */
export interface HeaderLine {
  readonly length: number;
  readonly sha256: string;
}

/**
 * @throws ImoError `BACKUP_UNKNOWN` if the file is not a backup, `BACKUP_NEWER` if this program does not
 *   know its format
 */
export function parseLine(path: string, line: Buffer): HeaderLine {
  const text = line.toString('latin1');
  const [, format = '', length = '', hash = ''] = LINE.exec(text) ?? [];
  if (format !== '' && Number(format) === FORMAT) return { length: Number(length), sha256: hash };
  if (Number(text.slice(NAME.length, NAME.length + 4)) > FORMAT && text.startsWith(NAME)) {
    throw newer(path, `it has format ${Number(text.slice(NAME.length, NAME.length + 4))}`);
  }
  if (text.startsWith(NAME)) throw damaged(path, 'its first line is not valid');
  throw new ImoError(
    'BACKUP_UNKNOWN',
    `${path} is not a backup of imo-ledger`,
    'Name a file that `imo-ledger backup` has written.',
  );
}

/** @throws ImoError `BACKUP_DAMAGED`, or `BACKUP_NEWER` if the schema is newer than this program */
export function parseHeader(
  path: string,
  text: Buffer,
  line: HeaderLine,
  knownMigrations: readonly string[],
): BackupHeader {
  if (text.length < line.length) throw damaged(path, 'it ends in its header');
  if (sha256(text) !== line.sha256) throw damaged(path, 'the checksum of its header differs');
  const parsed = backupHeader.safeParse(JSON.parse(text.toString()));
  if (!parsed.success) throw damaged(path, 'its header is not valid');
  const unknown = parsed.data.migrations.filter((name) => !knownMigrations.includes(name));
  if (unknown.length > 0) {
    throw newer(
      path,
      `its schema has ${unknown.join(', ')} (imo-ledger ${parsed.data.programVersion})`,
    );
  }
  return parsed.data;
}

export function damaged(path: string, reason: string, cause?: unknown): ImoError {
  return new ImoError(
    'BACKUP_DAMAGED',
    `${path} is damaged: ${reason}`,
    'Nothing is changed. Restore another copy of it, or index again.',
    { cause },
  );
}

function newer(path: string, reason: string): ImoError {
  return new ImoError(
    'BACKUP_NEWER',
    `${path} was written by a newer imo-ledger: ${reason}, which is not known here`,
    'Update imo-ledger, then restore it.',
  );
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
