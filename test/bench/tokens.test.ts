import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:tokens indexes the operations of many tokens of a factory and measures it', async () => {
  const options = ['--many', '12', '--operations', '400', '--holders', '60', '--once'];
  const bench = [compiled('bench/tokens.js'), ...options];
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  expect(stdout).toMatch(/^12 tokens: opened in [\d.]+ s .*, \d+ operations in [\d.]+ s/m);
  expect(stdout).toMatch(/serves 12 tokens after [\d.]+ s/);
});
