import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Books } from '../store/read/books.js';
import { openScenario, WINDOWED } from '../store/read/scenario.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { runCli } from '../support/programs/cli.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

let env: NodeJS.ProcessEnv;
let books: Books;

beforeAll(async () => {
  env = { DATABASE_URL: await freshDatabase() };
  books = await openScenario(env.DATABASE_URL ?? '');
});
afterAll(() => books.close());

const run = (...args: string[]) => runVerbHere(['export', ...args], env);

describe('imo-ledger export', () => {
  test('writes CSV with a line of names to standard output', async () => {
    const args = ['export', 'claims', '--token', WINDOWED, '--chain', '1'];
    const { exitCode, stdout, stderr } = await runCli(args, { env });
    const [names, ...rows] = stdout.trim().split('\n');
    expect(names).toBe(
      'row_id,chain_id,token,token_symbol,token_decimals,asset,asset_symbol,asset_decimals,' +
        'block_number,block_time,transaction_hash,transaction_index,' +
        'position,holder,holder_label,snapshot_id,amount,amount_f64,snapshot_claimed,snapshot_claimed_f64',
    );
    expect(rows.map((row) => row.split(',')[16])).toEqual(['240', '30']);
    expect(stderr).toMatch(/^2 rows, as of block 55 of chain 1 \(\d+\.\d s\)$/m);
    expect(exitCode).toBe(0);
  });

  test('a range of blocks, dates or times, both ends included', async () => {
    const blocksOf = async (...range: string[]) => {
      const { stdout } = await run('receipts', '--chain', '1', '--format', 'jsonl', ...range);
      return stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).block_number)
        .sort((one, other) => one - other);
    };
    expect(await blocksOf()).toEqual([10, 12, 30, 35, 40, 41]);
    expect(await blocksOf('--from', '12', '--to', '40')).toEqual([12, 30, 35, 40]);
    expect(await blocksOf('--at', '35')).toEqual([10, 12, 30, 35]);
  });

  test.each(['csv', 'jsonl', 'parquet'])(
    'a %s file has its manifest next to it',
    async (format) => {
      const out = join(await temporaryFolder(), `holders.${format}`);
      const { exitCode, stdout, stderr } = await run('holders', '--format', format, '--out', out);
      expect(stderr).toContain(`rows in ${out}`);
      expect(stdout).toBe('');
      expect(exitCode).toBe(0);
      expect((await stat(out)).size).toBeGreaterThan(100);
      const manifest = JSON.parse(await readFile(`${out}.manifest.json`, 'utf8'));
      expect(manifest).toMatchObject({
        dataset: 'holders',
        format,
        rows: 6,
        narrowedTo: {},
        audit: { agrees: null },
      });
      expect(manifest.columns[0]).toMatchObject({ name: 'row_id', type: 'text' });
    },
  );

  test.each([
    [['holder'], 'EXPORT_UNKNOWN_DATASET', 'Did you mean holders?'],
    [['holders', '--format', 'parqet'], 'EXPORT_BAD_OPTION', 'Did you mean parquet?'],
    [['holders', '--format', 'parquet'], 'EXPORT_NEEDS_FILE', '--out'],
    [['holders', '--from', '3'], 'EXPORT_BAD_OPTION', 'give "at"'],
    [['holders', '--token', '0x12'], 'EXPORT_BAD_OPTION', '40 hex digits'],
    [['transfers', '--from', '2025-13-01'], 'EXPORT_BAD_OPTION', 'a date'],
    [['transfers', '--from', '5'], 'EXPORT_BAD_OPTION', 'Give "chain" too'],
    [['holders', '--at', '5'], 'BAD_AT', 'Name the chain'],
    [['holders', '--chain', '1', '--at', '5000'], 'BLOCK_NOT_INDEXED', '55'],
    [['holders', '--token', `0x${'0'.repeat(40)}`], 'UNKNOWN_TOKEN', 'imo.yaml'],
    [['holders', '--out', '/nowhere/h.csv'], 'EXPORT_NOT_WRITTEN', 'folder'],
  ])('%j says what is wrong and what to do', async (args, code, hint) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toContain(`error ${code}:`);
    expect(stderr).toContain(hint);
    expect(exitCode).toBe(1);
  });
});
