import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { BackupFile } from '../../../src/store/backup/backupFile.js';
import { LINE_BYTES } from '../../../src/store/backup/backupFormat.js';
import { openDatabaseSource } from '../../../src/store/backup/databaseSource.js';
import type { BackupHeader } from '../../../src/store/backup/description.js';
import { restoreInto } from '../../../src/store/backup/restoreInto.js';
import { writeBackup } from '../../../src/store/backup/writeBackup.js';
import { readKnownMigrations } from '../../../src/store/database/knownMigrations.js';
import { revertLastMigration } from '../../../src/store/database/migrationLibrary.js';
import { everyRow, tablesOf } from '../../support/databases/everyRow.js';
import { emptyDatabase, freshDatabase, query } from '../../support/databases/postgres.js';
import { indexTo } from '../../support/programs/indexer.js';
import { type LivedToken, liveToken, payToken } from '../../support/scenes/livedToken.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const never = new AbortController().signal;

let lived: LivedToken;
let url: string;
let file: string;
let whole: Buffer;
let header: BackupHeader;

beforeAll(async () => {
  lived = await liveToken(2);
  url = await freshDatabase();
  await indexTo({ ...lived, databaseUrl: url });
  await createDeferredIndex();
  file = join(await temporaryFolder(), 'ledger.imobackup');
  header = await backUp(url, file);
  whole = await readFile(file);
});

/** As `index` does after its backfill. */
async function createDeferredIndex(): Promise<void> {
  const [deferred] = await query<{ name: string; columns: string }>(
    url,
    'SELECT name, columns FROM deferred_index ORDER BY name LIMIT 1',
  );
  await query(url, `CREATE INDEX IF NOT EXISTS ${deferred?.name} ON ${deferred?.columns}`);
}

async function indexesOf(databaseUrl: string): Promise<unknown> {
  return query(
    databaseUrl,
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
  );
}

async function backUp(from: string, path: string): Promise<BackupHeader> {
  const source = await openDatabaseSource(from, () => undefined);
  try {
    return await writeBackup(source, path, never);
  } finally {
    await source.close();
  }
}

async function restore(path: string, to: string): Promise<number> {
  const backup = await BackupFile.open(path, await readKnownMigrations());
  try {
    await backup.verify(never);
    return await restoreInto(to, backup, never);
  } finally {
    await backup.close();
  }
}

/** The backup with other bytes, in a file of its own. */
async function changed(bytes: Buffer): Promise<string> {
  const path = join(await temporaryFolder(), 'changed.imobackup');
  await writeFile(path, bytes);
  return path;
}

function flipped(at: number): Buffer {
  const bytes = Buffer.from(whole);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes;
}

/** The backup with another header, whose checksum is right. */
function withHeader(text: string): Buffer {
  const bytes = Buffer.from(text);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const line = `imo-ledger backup 0001 ${String(bytes.length).padStart(8, '0')} ${hash}\n`;
  const [, , , length = ''] = whole.subarray(0, LINE_BYTES).toString().split(' ');
  return Buffer.concat([Buffer.from(line), bytes, whole.subarray(LINE_BYTES + Number(length))]);
}

test('a restored database has every row and index, and the header says how many rows', async () => {
  const target = await emptyDatabase();
  const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
  expect(rows).toBeGreaterThan(50);
  expect(await restore(file, target)).toBe(rows);
  expect(await everyRow(target)).toEqual(await everyRow(url));
  expect(await tablesOf(target)).toEqual(await tablesOf(url));
  expect(header.indexes).toHaveLength(1);
  expect(await indexesOf(target)).toEqual(await indexesOf(url));
  expect(header.chains).toMatchObject([{ chainId: lived.chain.chainId, ledgerHash: null }]);
  expect(whole.toString('latin1')).not.toContain(new URL(url).password);
  expect(await readdir(dirname(file))).toEqual(['ledger.imobackup']);
});

test('a backup is of one instant, whatever is indexed while it is written', async () => {
  const before = await everyRow(url);
  const source = await openDatabaseSource(url, () => undefined);
  await payToken(lived);
  await indexTo({ ...lived, databaseUrl: url });
  const path = join(await temporaryFolder(), 'instant.imobackup');
  await writeBackup(source, path, never);
  await source.close();
  const target = await emptyDatabase();
  await restore(path, target);
  expect(await everyRow(target)).toEqual(before);
  expect(await everyRow(url)).not.toEqual(before);
  await indexTo({ ...lived, databaseUrl: target });
  expect((await everyRow(target)).receipt).toEqual((await everyRow(url)).receipt);
});

test('an empty database that is migrated already is filled, and a backup of an older version is brought up to date', async () => {
  const target = await freshDatabase();
  await restore(file, target);
  const rows = await everyRow(target);
  await revertLastMigration(target);
  const path = join(await temporaryFolder(), 'older.imobackup');
  const older = await backUp(target, path);
  expect(older.migrations).toHaveLength((await readKnownMigrations()).length - 1);
  const again = await freshDatabase();
  await restore(path, again);
  expect(await tablesOf(again)).toEqual(await tablesOf(url));
  expect((await everyRow(again)).journal_entry).toEqual(rows.journal_entry);
});

test('a file that is cut off, too long or changed in any part is refused before the database is touched', async () => {
  const target = await emptyDatabase();
  const rowsStart = whole.length - header.tables.reduce((sum, table) => sum + table.packedBytes, 0);
  const starts = header.tables.map((_, index) =>
    header.tables.slice(0, index).reduce((sum, table) => sum + table.packedBytes, rowsStart),
  );
  const damaged = [
    ...[LINE_BYTES - 1, LINE_BYTES + 100, rowsStart, whole.length - 1].map((end) =>
      whole.subarray(0, end),
    ),
    Buffer.concat([whole, Buffer.from('\n')]),
    ...[LINE_BYTES - 2, LINE_BYTES + 50, ...starts.map((start) => start + 5)].map(flipped),
  ];
  for (const bytes of damaged) {
    await expect(restore(await changed(bytes), target)).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
      hint: expect.stringContaining('Nothing is changed'),
    });
  }
  expect(await tablesOf(target)).toEqual([]);
});

test('rows that are damaged after they were verified leave the database as it was', async () => {
  const target = await emptyDatabase();
  const path = await changed(whole);
  const backup = await BackupFile.open(path, await readKnownMigrations());
  await backup.verify(never);
  await writeFile(path, flipped(whole.length - 12));
  await expect(restoreInto(target, backup, never)).rejects.toMatchObject({
    code: 'BACKUP_DAMAGED',
  });
  await backup.close();
  expect(await tablesOf(target)).toEqual([]);
  const wrong = header.tables.map((table) => ({ ...table, rows: table.rows + 1 }));
  const counted = await changed(withHeader(JSON.stringify({ ...header, tables: wrong })));
  await expect(restore(counted, target)).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  expect(await tablesOf(target)).toEqual([]);
});

test('a backup of a newer format or schema is refused with the version that wrote it', async () => {
  const target = await emptyDatabase();
  const format = Buffer.from(whole);
  format.write('0002', 'imo-ledger backup '.length);
  const migrations = [...header.migrations, 'Later1999999999999'];
  const schema = withHeader(JSON.stringify({ ...header, migrations, programVersion: '9.0.0' }));
  for (const [bytes, says] of [
    [format, 'it has format 2'],
    [schema, 'its schema has Later1999999999999 (imo-ledger 9.0.0)'],
  ] as const) {
    await expect(restore(await changed(bytes), target)).rejects.toMatchObject({
      code: 'BACKUP_NEWER',
      message: expect.stringContaining(says),
    });
  }
  await expect(restore(await changed(Buffer.from('{}')), target)).rejects.toMatchObject({
    code: 'BACKUP_UNKNOWN',
  });
  await expect(restore('/nowhere/ledger', target)).rejects.toMatchObject({
    code: 'BACKUP_UNREADABLE',
  });
  expect(await tablesOf(target)).toEqual([]);
});

test('a database with rows, or with tables of others, is refused and stays as it is', async () => {
  const books = await everyRow(url);
  await expect(restore(file, url)).rejects.toMatchObject({
    code: 'DATABASE_NOT_EMPTY',
    message: expect.stringContaining('with rows'),
  });
  expect(await everyRow(url)).toEqual(books);
  const others = await emptyDatabase();
  await query(others, 'CREATE TABLE invoices (id integer)');
  await expect(restore(file, others)).rejects.toMatchObject({
    code: 'DATABASE_NOT_EMPTY',
    message: expect.stringContaining('it has the table invoices'),
  });
  expect(await tablesOf(others)).toEqual(['invoices']);
});

test('a file that cannot be written is named, and nothing of it is left', async () => {
  await expect(backUp(url, '/nowhere/ledger.imobackup')).rejects.toMatchObject({
    code: 'BACKUP_NOT_WRITTEN',
    message: expect.stringContaining('ENOENT'),
  });
  const stopped = new AbortController();
  const source = await openDatabaseSource(url, () => undefined);
  const folder = await temporaryFolder();
  stopped.abort();
  await expect(writeBackup(source, join(folder, 'ledger'), stopped.signal)).rejects.toThrow();
  await source.close();
  expect(await readdir(folder)).toEqual([]);
});
