import { existsSync } from 'node:fs';
import { chmod, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { migrate } from '../../src/store/database/migrate.js';
import { type OpenDatabase, openEmbedded } from '../../src/store/embedded/embedded.js';
import { everyRow, tablesOf } from '../support/databases/everyRow.js';
import { query } from '../support/databases/postgres.js';
import { PostgresServer } from '../support/databases/postgresServer.js';
import { StuckWire } from '../support/databases/stuckWire.js';
import { type CliResult, startCli } from '../support/programs/cli.js';
import { indexTo } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { AuditScene } from '../support/scenes/auditScene.js';
import { type LivedToken, liveToken, payToken } from '../support/scenes/livedToken.js';

/** Where Debian has it; elsewhere the other server has the version of the embedded one. */
const POSTGRES_15 = '/usr/lib/postgresql/15/bin';

let lived: LivedToken;
let scene: AuditScene;
let embedded: OpenDatabase;
let other: PostgresServer;
let file: string;
let printed = '';

beforeAll(async () => {
  lived = await liveToken(3);
  scene = await AuditScene.over('', lived.chain, lived.tokens, '    finality: 2\n');
  await chmod(dirname(scene.config), 0o711);
  file = join(dirname(scene.config), 'ledger.imobackup');
  embedded = await openEmbedded({ folder: folderOf(scene) });
  if (existsSync(POSTGRES_15)) vi.stubEnv('IMO_LEDGER_POSTGRES', POSTGRES_15);
  other = await PostgresServer.create({ fsync: 'off' });
  vi.unstubAllEnvs();
  await migrate(embedded.url);
  await indexTo({ ...lived, databaseUrl: embedded.url, finality: 2 });
  await run(['prove']);
});

afterAll(async () => {
  await embedded.close();
  await other.remove();
});

/** Next to the config file, where the verbs look for it. */
function folderOf({ config }: AuditScene): string {
  return join(dirname(config), '.imo-ledger', 'postgres');
}

/** Runs a verb on the embedded database of the config, or on that of a URL. */
async function run(
  args: readonly string[],
  url: string | null = null,
  { config } = scene,
  more: NodeJS.ProcessEnv = {},
): Promise<CliResult> {
  const env = url === null ? more : { ...more, DATABASE_URL: url };
  const result = await runVerbHere([...args, '--config', config], env);
  printed += result.stdout + result.stderr;
  return result;
}

async function ledgerHashes(url: string): Promise<unknown> {
  const hashes = await query(url, 'SELECT * FROM ledger_hash ORDER BY block_number');
  expect(hashes.length).toBeGreaterThan(10);
  return [hashes, await query(url, 'SELECT * FROM hash_cursor')];
}

/** The books on a database agree with the contracts. */
async function expectAudited(url: string): Promise<void> {
  const audit = await AuditScene.over(url, lived.chain, lived.tokens, '    finality: 2\n');
  const verdict = await audit.verdict();
  expect(verdict).toMatchObject({ exitCode: 0, mismatches: 0 });
  expect(verdict.figures).toBeGreaterThan(10);
}

test('a backup of the embedded server is restored into another server: hashes and audit agree, and indexing continues', async () => {
  const backup = await run(['backup', file]);
  expect(backup).toMatchObject({ exitCode: 0 });
  expect(backup.stdout).toMatch(
    /rows \(.* s\)\n {2}chain 31337: block \d+, final \d+, ledger hash 0x/,
  );
  const target = await other.createDatabase('restored');
  if (existsSync(POSTGRES_15)) {
    expect(await query(target, 'SHOW server_version')).toMatchObject([
      { server_version: expect.stringMatching(/^15/) },
    ]);
  }
  const restored = await run(['restore', file], target);
  expect(restored).toMatchObject({ exitCode: 0 });
  expect(restored.stdout).toContain(backup.stdout.split('\n')[1]);
  expect(await everyRow(target)).toEqual(await everyRow(embedded.url));
  expect(await ledgerHashes(target)).toEqual(await ledgerHashes(embedded.url));
  await expectAudited(target);

  await payToken(lived);
  for (const databaseUrl of [embedded.url, target]) {
    await indexTo({ ...lived, databaseUrl, finality: 2 });
  }
  await run(['prove'], target);
  await run(['prove']);
  expect(await ledgerHashes(target)).toEqual(await ledgerHashes(embedded.url));
  await expectAudited(target);
});

test('move copies the embedded database to another server, whose password is in the environment', async () => {
  const target = await other.createDatabase('moved');
  const bare = new URL(target);
  const { password } = bare;
  bare.password = '';
  const moved = await run(['move', '--to', bare.href], null, scene, { PGPASSWORD: password });
  expect(moved).toMatchObject({ exitCode: 0 });
  expect(moved.stdout).toContain('/moved: ');
  expect(moved.stdout).toContain('Set DATABASE_URL to use it');
  const rows = await everyRow(target);
  expect(rows).toEqual(await everyRow(embedded.url));
  expect((await run(['move', '--to', target])).stderr).toContain('error DATABASE_NOT_EMPTY');
  expect((await run(['move', '--to', 'db.example'])).stderr).toContain('error MOVE_TARGET_INVALID');
  expect((await run(['move', '--to', 'embedded'])).stderr).toContain('error MOVE_TO_ITSELF');
  expect(await everyRow(target)).toEqual(rows);
});

test('another server is restored and moved into a new embedded one next to a config file', async () => {
  const from = other.url.replace(/imo_ledger$/, 'moved');
  const path = join(dirname(scene.config), 'outside.imobackup');
  expect(await run(['backup', path], from)).toMatchObject({ exitCode: 0 });
  const fresh = await AuditScene.over('', lived.chain, lived.tokens);
  await chmod(dirname(fresh.config), 0o711);
  const restored = await run(['restore', path], null, fresh);
  expect(restored.exitCode).toBe(0);
  expect(restored.stderr).toContain(`A new one is created in ${folderOf(fresh)}`);
  const opened = await openEmbedded({ folder: folderOf(fresh) });
  const rows = await everyRow(from);
  expect(await everyRow(opened.url)).toEqual(rows);

  const again = await run(['move', '--to', 'embedded'], from, fresh);
  expect(again.stderr).toContain('error DATABASE_NOT_EMPTY');
  expect(await everyRow(opened.url)).toEqual(rows);
  await query(opened.url, 'DROP SCHEMA public CASCADE');
  await query(opened.url, 'CREATE SCHEMA public');
  expect(await run(['move', '--to', 'embedded'], from, fresh)).toMatchObject({ exitCode: 0 });
  expect(await everyRow(opened.url)).toEqual(rows);
  await expectAudited(opened.url);
  await opened.close();
});

test('a file that exists is replaced only with --overwrite', async () => {
  const before = await readFile(file);
  expect((await run(['backup', file])).stderr).toContain(
    `error BACKUP_FILE_EXISTS: ${file} exists`,
  );
  expect(await readFile(file)).toEqual(before);
  expect(await run(['backup', '--overwrite', file])).toMatchObject({ exitCode: 0 });
  expect(await readFile(file)).not.toEqual(before);
});

/** Starts a verb that does not get to its end, and kills it. */
async function killInTheMiddle(args: readonly string[], wire: StuckWire): Promise<void> {
  const cli = startCli([...args, '--config', scene.config], { env: { DATABASE_URL: wire.url } });
  await Promise.race([
    wire.stuck,
    cli.ended.then(({ stderr }) => Promise.reject(new Error(`it ended: ${stderr}`))),
  ]);
  await cli.stop('SIGKILL');
  wire.stop();
}

test('a restore that is killed in the middle leaves an empty database, which takes the next one', async () => {
  const target = await other.createDatabase('killed');
  const wire = await StuckWire.start(target, 'server', 60_000);
  await killInTheMiddle(['restore', file], wire);
  await expect.poll(() => tablesOf(target)).toEqual([]);
  expect(await run(['restore', file], target)).toMatchObject({ exitCode: 0 });
  expect(await everyRow(target)).toEqual(await everyRow(embedded.url));
});

test('a backup that is killed in the middle leaves the file as it was, and the next one cleans up', async () => {
  const before = await readFile(file);
  const wire = await StuckWire.start(embedded.url, 'client', 26_000);
  await killInTheMiddle(['backup', '--overwrite', file], wire);
  expect(await readFile(file)).toEqual(before);
  const parts = async () => (await readdir(dirname(file))).filter((name) => name.endsWith('.part'));
  expect(await parts()).toHaveLength(1);
  expect(await run(['backup', '--overwrite', file])).toMatchObject({ exitCode: 0 });
  expect(await parts()).toEqual([]);
});

test('a connection that breaks while a backup is written ends it, and nothing is left of it', async () => {
  const path = join(dirname(file), 'broken.imobackup');
  const wire = await StuckWire.start(embedded.url, 'client', 26_000);
  void wire.stuck.then(() => wire.stop());
  expect((await run(['backup', path], wire.url)).stderr).toContain('error DATABASE_LOST');
  expect((await readdir(dirname(file))).filter((name) => name.startsWith('broken'))).toEqual([]);
});

test('no output shows a password', () => {
  expect(printed).toContain('ledger hash');
  for (const url of [embedded.url, other.url]) {
    expect(printed).not.toContain(new URL(url).password);
  }
});
