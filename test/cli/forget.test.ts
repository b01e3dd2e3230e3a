import { readFile, writeFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { freshDatabase, query } from '../support/databases/postgres.js';
import { dumpTables } from '../support/databases/tables.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { writeConfig } from '../support/programs/writeConfig.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const STAYING = '0xe5018913F2fdf33971864804dDB5fcA25C539032';
const GONE = '0x00000000000000000000000000000000000000f0';
const LIVE = '0x00000000000000000000000000000000000000f1';
const CONFIG = `chains: [{id: 1, rpc: "http://127.0.0.1:1", tokens: [{address: '${STAYING}'}]}]`;

let databaseUrl: string;
let config: string;

const run = (...args: string[]) =>
  runVerbHere([...args, '--config', config], { DATABASE_URL: databaseUrl });

/** Archived books of a token with a receipt in block 5, and live books of another one. */
async function archivedBooks(): Promise<string> {
  const url = await freshDatabase();
  for (const [number, address, archived] of [
    [1, GONE, '5'],
    [2, LIVE, 'NULL'],
  ] as const) {
    await query(
      url,
      `INSERT INTO token (id, number, chain_id, address, policy, percent_claimable, start_block, archived_block)
       VALUES ('${number}', ${number}, 1, '\\x${address.slice(2)}', 'windowed', 80, 1, ${archived})`,
    );
  }
  await query(
    url,
    `INSERT INTO receipt (id, token_number, block_number, "timestamp", position, amount_wei, kind, source, path)
     VALUES ('0001-0000000005-000000', 1, 5, now(), 0, 7, 'call', 'unknown', '{}')`,
  );
  await query(url, `INSERT INTO block VALUES ('1-0000000005', 1, 5, '\\x05', now())`);
  await query(
    url,
    `INSERT INTO chain_cursor (chain_id, height, hash, finalized_height, finalized_hash)
     VALUES (1, 9, '\\x09', 8, '\\x08')`,
  );
  return url;
}

beforeAll(async () => {
  databaseUrl = await archivedBooks();
  config = await writeConfig(CONFIG);
});

test.each([
  ['without a confirmation', [GONE], 'NOT_CONFIRMED', '(blocks 1 to 5) on'],
  ['of a contract of the config', [STAYING, '--yes'], 'FORGET_IN_CONFIG', STAYING],
  ['of books that continue', [LIVE, '--yes'], 'FORGET_NOT_ARCHIVED', 'are not archived'],
  ['of unknown books', [`0x${'ab'.repeat(20)}`, '--yes'], 'FORGET_UNKNOWN', 'Archived books: 0x'],
  ['on another chain', [GONE, '--yes', '--chain', '5'], 'CHAIN_NOT_CONFIGURED', 'chain 5'],
])('forgetting %s is refused, and changes nothing', async (_, args, code, text) => {
  const before = await dumpTables(databaseUrl);
  const { exitCode, stdout, stderr } = await run('forget', ...args);
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toContain(`error ${code}: `);
  expect(stderr).toContain(text);
  expect(await dumpTables(databaseUrl)).toEqual(before);
});

test('status names archived books, and how to delete them', async () => {
  const { stdout } = await run('status');
  const address = '0x00000000000000000000000000000000000000F0';
  expect(stdout).toContain(
    `the books of token ${address} are archived and end at block 5: the config no longer names it. ` +
      `\`imo-ledger forget ${address}\` deletes them\n`,
  );
  const { stdout: json } = await run('status', '--json');
  expect(JSON.parse(json)[0].archived).toEqual([
    { chainId: 1, address, kind: 'token', lastBlock: 5 },
  ]);
});

test('an audit of archived books is refused', async () => {
  const { exitCode, stderr } = await run('audit', '--token', GONE);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('error TOKEN_ARCHIVED: ');
});

test('a backup brings archived books and books that leave to another database', async () => {
  await query(databaseUrl, "INSERT INTO leaving_books VALUES (7, 1, 3, 'token')");
  const file = `${await temporaryFolder()}/ledger.imobackup`;
  expect(await run('backup', file)).toMatchObject({ exitCode: 0 });
  const target = await freshDatabase();
  const restored = await runVerbHere(['restore', file, '--config', config], {
    DATABASE_URL: target,
  });
  expect([restored.exitCode, restored.stderr]).toEqual([0, '']);
  const kept =
    'SELECT (SELECT json_agg(t ORDER BY number) FROM token t), (SELECT json_agg(l) FROM leaving_books l)';
  expect(await query(target, kept)).toEqual(await query(databaseUrl, kept));
  // One byte less is not a backup any more, and the target stays empty.
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, -1));
  const empty = await freshDatabase();
  const damaged = await runVerbHere(['restore', file, '--config', config], { DATABASE_URL: empty });
  expect(damaged.stderr).toContain('error BACKUP_DAMAGED: ');
  expect(await query(empty, 'SELECT FROM token')).toEqual([]);
});

test('forgetting deletes the books with --yes, and only them', async () => {
  await query(databaseUrl, 'DELETE FROM leaving_books');
  const { exitCode, stdout } = await run('forget', GONE, '--yes');
  expect([exitCode, stdout]).toEqual([
    0,
    'The books of 0x00000000000000000000000000000000000000F0 are forgotten: 2 rows and blocks were deleted.\n',
  ]);
  expect(await query(databaseUrl, 'SELECT number FROM token')).toEqual([{ number: 2 }]);
  for (const table of ['receipt', 'block', 'leaving_books']) {
    expect(await query(databaseUrl, `SELECT FROM ${table}`)).toEqual([]);
  }
});
