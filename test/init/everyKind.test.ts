import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';
import type { ChainConfig } from '../../src/config/types.js';
import { runIndexer } from '../../src/processor/run.js';
import { auditHere } from '../audit/support.js';
import { createOffering, type LivingOffering, liveOffering } from '../prove/bookLife.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { startAnvil } from '../support/nodes/anvil.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

const OPERATIONS = 220;

interface Written {
  readonly text: string;
  readonly chain: ChainConfig;
}

let offering: LivingOffering;
let path: string;
/** From the addresses of all tokens alone. */
let first: Written;
/** After the addresses of everything else were added. */
let complete: Written;

beforeAll(async () => {
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  offering = await createOffering(anvil, 7641, true);
  await liveOffering(offering, OPERATIONS, () => undefined);
  path = join(await temporaryFolder(), 'imo.yaml');
  first = await init(...offering.tokens);
  const { oracles, collections } = offering;
  const there = new Set<string>(addressesOf([...first.chain.oracles, ...first.chain.collections]));
  const others = [
    ...oracles.oracles.map(({ contract }) => contract.address),
    oracles.flat?.contract.address ?? '',
    ...collections.collections.map(({ contract }) => contract.address),
  ].filter((address) => !there.has(address));
  complete = await init(...others);
});

async function init(...args: readonly string[]): Promise<Written> {
  const { stderr, exitCode } = await runVerbHere([
    ...['init', ...args, '--rpc', offering.chain.url],
    ...['--config', path, '--no-estimate'],
  ]);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.not.stringContaining('error'),
  });
  const text = await readFile(path, 'utf8');
  const [chain] = parseConfig(path, text, {}).chains;
  if (chain === undefined) throw new Error('no chain was written');
  return { text, chain };
}

function addressesOf(list: readonly { readonly address: string }[]): string[] {
  return list.map(({ address }) => address);
}

test('the address of a token is enough to find its policy and its deployment', () => {
  const { tokens } = first.chain;
  console.log(tokens, offering.world.tokens);
});

test('the oracles that pay a token, and the collections that pay it directly, are found', () => {
  console.log(first.chain.oracles, first.chain.collections);
});

test('the books of everything that init found agree with the contracts', async () => {
  const { chain } = offering;
  const databaseUrl = await freshDatabase();
  await runIndexer({
    chain: { ...complete.chain, cache: null },
    databaseUrl,
    toBlock: Number(await chain.rpc.call<string>('eth_blockNumber')),
    onProgress: () => undefined,
    signal: new AbortController().signal,
  });
  const { mismatches, figures } = await auditHere({ chain, databaseUrl });
  expect(mismatches).toEqual([]);
  console.log(figures);
});
