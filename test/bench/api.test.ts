import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:api answers every question as the hand-written limit does', async () => {
  const bench = [compiled('bench/api.js'), '--short'];
  // It fails where an answer differs.
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  expect(stdout).toMatch(/^one holder, .*, 2 connections, limit: \d+ requests\/s/m);
  expect(stdout).toMatch(/^one day of receipts .*, ours: \d+ requests\/s/m);
  expect(stdout).toContain('It works.');
});
