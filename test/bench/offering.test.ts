import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

test('bench:offering indexes a whole offering, and its books are those of the chain', async () => {
  const options = ['--operations', '1500', '--holders', '40', '--latency', '0', '--calls'];
  const bench = [compiled('bench/offering.js'), ...options];
  // It fails where rows, pools or balances are not those of the chain.
  const { stdout } = await promisify(execFile)(process.execPath, bench);
  expect(stdout).toMatch(/^1500 operations in \d+ blocks.* request \d+, mint \d+, purchase \d+/m);
  expect(stdout).toMatch(/^0 ms: debug_traceTransaction \d+$/m);
  expect(stdout).toMatch(/^\| 0 \| \d+ \| [\d.]+ \|/m);
  expect(stdout).toMatch(/^ledger hash 0x[0-9a-f]{64}$/m);
});
