import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { assertDatabaseAnswers } from '../../../src/store/database/connect.js';
import { openEmbedded } from '../../../src/store/embedded/embedded.js';
import { isProcessAlive } from '../../../src/store/embedded/lock.js';
import { shortenLog } from '../../../src/store/embedded/server.js';
import { openDatabase } from '../../../src/store/openDatabase.js';
import { query } from '../../support/databases/postgres.js';
import { startCli, writeConfig } from '../../support/programs/cli.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

let folder: string;

beforeEach(async () => {
  folder = await newFolder();
});

async function newFolder(): Promise<string> {
  const parent = await temporaryFolder();
  await chmod(parent, 0o755);
  return join(parent, 'postgres');
}

/** A folder that a server was opened in before. */
let used: Promise<string> | null = null;

async function makeUsed(): Promise<string> {
  const made = await newFolder();
  await (await openEmbedded({ folder: made })).close();
  return made;
}

/** Fills the folder of the test with what an earlier server left: a new one takes a second of CPU. */
async function useBefore(): Promise<void> {
  used ??= makeUsed();
  await promisify(execFile)('cp', ['-a', await used, folder]);
}

async function postmasterPid(): Promise<number> {
  const [pid] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  return Number(pid);
}

/** A process id that no process has any more. */
function deadPid(): number {
  return spawnSync('true').pid;
}

async function untilDead(pid: number): Promise<void> {
  while (isProcessAlive(pid) && existsSync(`/proc/${pid}/cwd`)) await delay(20);
}

test('the data of one run survive to the next, and no server runs in between', async () => {
  const first = await openDatabase({
    env: { IMO_LEDGER_DATA: folder },
    config: 'imo.yaml',
    creates: true,
  });
  await query(first.url, 'CREATE TABLE kept AS SELECT 7641 AS number');
  await first.close();
  expect(existsSync(join(folder, 'data', 'postmaster.pid'))).toBe(false);
  await expect(assertDatabaseAnswers(first.url)).rejects.toMatchObject({ code: 'DATABASE_DOWN' });

  const second = await openDatabase({
    env: { IMO_LEDGER_DATA: folder },
    config: 'imo.yaml',
    creates: true,
  });
  expect(await query(second.url, 'SELECT * FROM kept')).toEqual([{ number: 7641 }]);
  expect(await query(second.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  await second.close();
});

test('only the owner can read the log of the server, and the log does not grow without limit', async () => {
  await useBefore();
  const database = await openEmbedded({ folder });
  const log = join(folder, 'postgres.log');
  expect((await stat(log)).mode & 0o077).toBe(0);
  await expect(query(database.url, 'SELECT 7641 / 0')).rejects.toThrow();
  expect(await readFile(log, 'utf8')).not.toContain('7641');
  await writeFile(log, 'x'.repeat(10_000_001), { flag: 'a' });
  await shortenLog({ log });
  expect((await stat(log)).size).toBe(0);
  await database.close();
  // The server continues its start.
  expect((await readFile(log, 'utf8')).startsWith('\0')).toBe(false);
});

test('several users share one server, and the last one to leave stops it', async () => {
  const users = await Promise.all([openEmbedded({ folder }), openEmbedded({ folder })]);
  const urls = new Set(users.map(({ url }) => url));
  expect(urls.size).toBe(1);
  await users[0].close();
  await assertDatabaseAnswers(users[1].url);
  await users[1].close();
  await expect(assertDatabaseAnswers(users[1].url)).rejects.toThrow('ECONNREFUSED');
});

test('a second process finds the server of the first and keeps it when the first ends', async () => {
  await useBefore();
  const here = await openEmbedded({ folder });
  const pid = await postmasterPid();
  const config = await writeConfig('chains: []');
  const there = startCli(['migrate', '--config', config], { env: { IMO_LEDGER_DATA: folder } });
  expect((await there.ended).stdout).toContain('is up to date after');
  expect(await postmasterPid()).toBe(pid);
  await assertDatabaseAnswers(here.url);
  await here.close();
  expect(await readdir(join(folder, 'users'))).toEqual([]);
});

test('a killed server is started again with all committed rows', async () => {
  await useBefore();
  const before = await openEmbedded({ folder });
  await query(before.url, 'CREATE TABLE kept AS SELECT 7641 AS number');
  const pid = await postmasterPid();
  process.kill(pid, 'SIGKILL');
  await untilDead(pid);

  const after = await openEmbedded({ folder });
  expect(await postmasterPid()).not.toBe(pid);
  expect(await query(after.url, 'SELECT * FROM kept')).toEqual([{ number: 7641 }]);
  await Promise.all([before.close(), after.close()]);
});

test('files of killed processes are recognised even if another process has the id', async () => {
  await useBefore();
  const unrelated = `${process.pid}\n${folder}/data\n0\n1\n\n127.0.0.1\n0\nready\n`;
  await writeFile(join(folder, 'data', 'postmaster.pid'), unrelated);
  await writeFile(join(folder, 'lock'), String(deadPid()));
  await writeFile(join(folder, 'users', `${deadPid()}.1`), '');

  const database = await openEmbedded({ folder });
  await assertDatabaseAnswers(database.url);
  const pid = await postmasterPid();
  await database.close();
  await untilDead(pid);
  expect(await readdir(join(folder, 'users'))).toEqual([]);
});

test('an ephemeral server leaves nothing behind', async () => {
  const database = await openEmbedded({ folder, ephemeral: true });
  const pid = await postmasterPid();
  await database.close();
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(`/proc/${pid}/cwd`)).toBe(false);
});

test.runIf(process.getuid?.() === 0)(
  "root may keep the data below a folder that the server's account may not enter",
  async () => {
    await chmod(dirname(folder), 0o700);
    const first = await openEmbedded({ folder });
    await query(first.url, 'CREATE TABLE kept AS SELECT 7641 AS number');
    await first.close();
    const second = await openEmbedded({ folder });
    expect(await query(second.url, 'SELECT * FROM kept')).toEqual([{ number: 7641 }]);
    await second.close();
    const elsewhere = await readlink(join(folder, 'data'));
    await rm(dirname(elsewhere), { recursive: true });

    const third = await openEmbedded({ folder: `${folder}-ephemeral`, ephemeral: true });
    const [{ data_directory: place } = { data_directory: '' }] = await query<{
      data_directory: string;
    }>(third.url, 'SHOW data_directory');
    await third.close();
    expect([existsSync(dirname(place)), existsSync(`${folder}-ephemeral`)]).toEqual([false, false]);
  },
);

test('an unusable folder is an error that names it and says what to do', async () => {
  await writeFile(folder, 'a file');
  await expect(openEmbedded({ folder })).rejects.toMatchObject({
    code: 'EMBEDDED_POSTGRES_FAILED',
    message: expect.stringContaining(folder),
    hint: expect.stringContaining('IMO_LEDGER_DATA'),
  });
});
