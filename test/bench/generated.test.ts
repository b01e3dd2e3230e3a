import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

function stdoutOf(program: string, options: readonly string[]) {
  return promisify(execFile)(process.execPath, [compiled(program), ...options]);
}

test('bench:offering indexes a whole offering, and its books are those of the chain', async () => {
  const options = ['--short', '--latency', '0', '--calls'];
  // It fails where rows, pools or balances are not those of the chain.
  const { stdout } = await stdoutOf('bench/offering.js', options);
  expect(stdout).toMatch(/^1500 operations in \d+ blocks.* request \d+, mint \d+, purchase \d+/m);
  expect(stdout).toMatch(/^0 ms: debug_traceTransaction \d+$/m);
  expect(stdout).toMatch(/^\| 0 +\| +\d+ \| +[\d.]+ \|/m);
  expect(stdout).toMatch(/^ledger hash 0x[0-9a-f]{64}$/m);
});

test('bench:wide reads the books of many holders from ingest to the audit, which finds them right', async () => {
  // bench:export has a test of its own.
  const parts = ['--only', 'ingest,snapshot,lists,root,audit'];
  const { stdout } = await stdoutOf('bench/wide.js', ['--short', ...parts]);
  expect(stdout).toMatch(/^300 holders, \d+ operations, \d+ snapshots$/m);
  const rows = [...stdout.matchAll(/^\| (\w[^|]+?) +\| +[\d.]+ \|/gm)].map(([, what]) => what);
  expect(rows).toEqual([
    'ingest',
    'start, and commit of a snapshot',
    'first top 100 by claimable after a snapshot',
    'top 100 by claimable again',
    'page of 100 by balance (slowest of 20)',
    'page of 100 at an old block (slowest of 20)',
    'root of a snapshot',
    'first Merkle proof of a snapshot',
    'another Merkle proof',
    'audit of all holders',
  ]);
});

test('bench:growth indexes a chain up to a size, and its books add up', async () => {
  const { stdout } = await stdoutOf('bench/growth.js', ['--short', '--sizes', '2000']);
  expect(stdout).toMatch(/^\| \d+ transfers \| +\d+ \| +1 \| +[\d.]+ \| .* \| +\d+ \|$/m);
  expect(stdout).toMatch(/^one size alone says nothing about growth$/m);
});

test('bench:head follows a chain, and sees each block in answers and in a subscription', async () => {
  const options = ['--blocks', '8', '--block-ms', '50', '--operations', '5', '--only', 'newHeads'];
  const { stdout } = await stdoutOf('bench/head.js', options);
  expect(stdout).toMatch(/^\| announced by the node \| +8 \|( +\d+ \|){4}$/m);
});
