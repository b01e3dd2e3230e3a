import { chmod, readdir } from 'node:fs/promises';
import { beforeEach, expect, test } from 'vitest';
import { eventually } from '../support/eventually.js';
import { startCli } from '../support/programs/cli.js';
import { processesOf } from '../support/programs/demo.js';
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

async function untilNothingRuns(): Promise<void> {
  await eventually(async () => expect(await processesOf(folder)).toEqual([]));
}

test('demo --once indexes an offering, shows its revenue and claims, and leaves nothing', async () => {
  const { exitCode, stdout, stderr } = await startDemo('--once', '--short', '--port', '0').ended;
  // The audit may end before the program does. It is the only thing that the indexer has to say.
  expect(stderr).toMatch(
    /^(\[indexer\] First audit of chain 31337 at block \d+: \d+ figures compared, 0 differ\n)?$/,
  );
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

test('a demo that is killed leaves no process behind', async () => {
  const demo = startDemo('--short', '--port', '0');
  // The server of PostgreSQL and the chain run; the first blocks are being indexed.
  await demo.waitFor(/✓ a local chain/);
  expect(await processesOf(folder)).not.toEqual([]);
  await demo.stop('SIGKILL');
  await untilNothingRuns();
});
