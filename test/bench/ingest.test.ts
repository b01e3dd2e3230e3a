import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { compiled } from '../support/programs/compiled.js';

async function runBench(args: readonly string[]) {
  const child = spawn(process.execPath, [compiled('bench/ingest.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [exitCode] = await once(child, 'exit');
  return { exitCode, output };
}

test('the indexer and a plain squid agree on every balance of a small chain', async () => {
  const size = ['--transfers', '900', '--holders', '90', '--blocks', '100', '--runs', '1'];
  // Ponder would be installed first.
  const { exitCode, output } = await runBench([...size, '--only', 'floor,nothing,plain']);

  expect(output).toMatch(/^\| imo-ledger .*\d/m);
  expect(output).toMatch(/^\| floor .*\d/m);
  expect(output).toMatch(/^\| plain squid .*\d/m);
  // It fails where counts, balances, supply or ETH are not what they must be.
  expect(exitCode).toBe(0);
});

test('a chain that cannot be made is refused, with the reason', async () => {
  const { exitCode, output } = await runBench(['--transfers', '1000', '--blocks', '300']);

  expect(exitCode).not.toBe(0);
  expect(output).toContain('1000 transfers cannot be shared evenly by 300 blocks');
});
