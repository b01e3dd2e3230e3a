import { readFileSync } from 'node:fs';
import { chmod, readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startCli } from '../support/programs/cli.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

/** Where the demo keeps its files: ours, to see what it leaves. */
let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  // Else the server would keep its data where its account may go, and we would not see it.
  await chmod(folder, 0o755);
});

function startDemo(...args: readonly string[]) {
  return startCli(['demo', ...args], { env: { TMPDIR: folder } });
}

/** Processes whose arguments or whose current folder lie in the folder of the demo. */
async function processesOf(path: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    try {
      return readFileSync(join('/proc', id, 'cmdline'), 'utf8').includes(path);
    } catch {
      return false; // it has just ended
    }
  });
}

async function untilNothingRuns(): Promise<void> {
  await eventually(async () => expect(await processesOf(folder)).toEqual([]));
}

test('demo --once indexes an offering, shows its revenue and claims, and leaves nothing', async () => {
  const { exitCode, stdout, stderr } = await startDemo('--once', '--short', '--port', '0').ended;
  expect(stderr).toBe('');
  expect(stdout).toMatch(/✓ 1,\d\d\d blocks indexed +\d+\.\d s/);
  expect(stdout).toMatch(/^MRD +Meridian 7B RevShare +windowed 80 % +51 /m);
  expect(stdout).toMatch(/^LEX +Lexicon Embed Revenue +reference 50 % +51 /m);
  expect(stdout).toMatch(
    /^Meridian launchpad +launchpad +MRD +finalised .* 120\.00 ETH +1\.65 ×$/m,
  );
  expect(stdout).toMatch(/^Meridian 7B Chat +21 +0\.00036 +MRD +80 % /m);
  for (const source of ['oracle', 'collection', 'sale', 'known', 'unknown']) {
    expect(stdout).toMatch(
      new RegExp(`^(MRD)? +${source} .* \\d+\\.\\d{18} +\\d+\\.\\d\\d %$`, 'm'),
    );
  }
  const [, row = ''] = /\nHOLDER .*\n(0x.*)\n/.exec(stdout) ?? [];
  const amounts = row.match(/\d+\.\d{18}/g) ?? [];
  const wei = amounts.map((amount) => BigInt(amount.replace('.', '')));
  expect(wei).toHaveLength(4);
  expect(wei[3]).toBe((wei[0] ?? 0n) + (wei[1] ?? 0n) + (wei[2] ?? 0n));
  expect(stdout).toMatch(/curl -s http:\/\/127\.0\.0\.1:\d+\/graphql /);
  expect(exitCode).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await untilNothingRuns();
});

test('demo follows the living chain, at a free port if the usual one is taken', async () => {
  const other = createServer();
  // If another program has it already, that serves as well.
  const isTaken = new Promise<void>((resolve) => {
    other.once('listening', resolve).once('error', () => resolve());
  });
  other.listen(4350, '127.0.0.1');
  await isTaken;

  const demo = startDemo('--short');
  const [, url = ''] = await demo.waitFor(/GraphiQL in a browser: (\S+)/);
  expect(demo.output()).toContain('port 4350 is in use');
  expect(demo.output()).toMatch(/^ {2}http:\/\/127\.0\.0\.1:\d+\/holders\/0x[\da-fA-F]{40}$/m);
  expect(await indexedBlock(url)).toBeGreaterThan(1_000);
  await demo.waitFor(/block [\d,]+ indexed, \d+ new entries/);

  const { exitCode } = await demo.stop('SIGINT');
  other.close();
  expect(exitCode).toBe(0);
  expect(await readdir(folder)).toEqual([]);
  await untilNothingRuns();
});

test('a demo that is killed leaves no process behind', async () => {
  const demo = startDemo('--short', '--port', '0');
  // The server of PostgreSQL and the chain run; the first blocks are being indexed.
  await demo.waitFor(/✓ a local chain/);
  expect(await processesOf(folder)).not.toEqual([]);
  await demo.stop('SIGKILL');
  await untilNothingRuns();
});

async function indexedBlock(url: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ tokens { asOf { block } } }' }),
  });
  const { data } = await response.json();
  return data.tokens.asOf[0].block;
}
