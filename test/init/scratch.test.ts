import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'vitest';
import { buildOffering } from '../../devnet/life.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

test('scratch', async () => {
  const t0 = performance.now();
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  const offering = await buildOffering(anvil, { seed: 7641, months: 1 });
  console.log('built', performance.now() - t0);
  const path = join(await temporaryFolder(), 'imo.yaml');
  const t1 = performance.now();
  const { stdout, stderr } = await runVerbHere([
    'init',
    ...offering.tokens.map((t) => t.address),
    '--rpc',
    anvil.url,
    '--config',
    path,
    '--verbose',
  ]);
  console.log('init', performance.now() - t1);
  console.log(stdout, stderr);
  console.log(await readFile(path, 'utf8'));
  console.log(
    offering.sales.sales.map((s) => [s.contract.address, s.kind]),
    offering.collections.collections.map((c) => c.contract.address),
    offering.oracles.oracle.contract.address,
  );
});
