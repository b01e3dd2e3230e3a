import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

function stdoutOf(program: string, options: readonly string[]) {
  return promisify(execFile)(process.execPath, [compiled(program), ...options]);
}

test('bench:offering indexes a whole offering, and its books are those of the chain', async () => {
  const options = ['--operations', '1500', '--holders', '40', '--latency', '0', '--calls'];
  // It fails where rows, pools or balances are not those of the chain.
  const { stdout } = await stdoutOf('bench/offering.js', options);
  expect(stdout).toMatch(/^1500 operations in \d+ blocks.* request \d+, mint \d+, purchase \d+/m);
  expect(stdout).toMatch(/^0 ms: debug_traceTransaction \d+$/m);
  expect(stdout).toMatch(/^\| 0 +\| +\d+ \| +[\d.]+ \|/m);
  expect(stdout).toMatch(/^ledger hash 0x[0-9a-f]{64}$/m);
});

test('bench:wide indexes transfers among many holders, and its books are those of the chain', async () => {
  const options = ['--many', '300', '--transfers', '1200', '--once'];
  const { stdout } = await stdoutOf('bench/wide.js', options);
  expect(stdout).toMatch(
    /^300 holders: \d+ operations\/s, \d+ in [\d.]+ s, .* ledger hash 0x[0-9a-f]{64}$/m,
  );
});

test('bench:head follows a chain, and sees each block in answers and in a subscription', async () => {
  const options = ['--blocks', '8', '--block-ms', '50', '--operations', '5', '--only', 'newHeads'];
  const { stdout } = await stdoutOf('bench/head.js', options);
  expect(stdout).toMatch(/^\| announced by the node \| +8 \|( +\d+ \|){4}$/m);
});
