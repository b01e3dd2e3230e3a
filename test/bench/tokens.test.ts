import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:tokens indexes the operations of some tokens of a factory and measures it', async () => {
  const options = ['--many', '3', '--operations', '18', '--runs', '1', '--gap', '0', '--once'];
  const bench = [compiled('bench/tokens.js'), ...options];
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  // Mint and delivery of each token, 2 × 25 transfers of each, and a receipt, snapshot, claim and burn.
  expect(stdout).toMatch(/^3 tokens: opened in [\d.]+ s .*, \d+ operations in [\d.]+ s/m);
});
