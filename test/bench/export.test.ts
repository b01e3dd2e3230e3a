import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('a small run of bench:export has the sums of the database in every file', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    compiled('bench/export.js'),
    ...['--holders', '90', '--snapshots', '3', '--runs', '1'],
  ]);
  expect(stdout).toContain('270 rows; sums are those of the database');
  for (const format of ['csv', 'jsonl', 'parquet']) {
    expect(stdout).toMatch(new RegExp(`^\\| imo-ledger export, ${format} +\\| +\\d`, 'm'));
  }
});
