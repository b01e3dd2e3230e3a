import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { id } from 'ethers';
import { beforeAll, expect, test } from 'vitest';
import { execute, latestBlock, mineBlock } from '../../devnet/chain.js';
import { encodeCall, readContract } from '../../devnet/deploy.js';
import { parseConfig } from '../../src/config/load.js';
import type { ChainConfig } from '../../src/config/types.js';
import { POLICIES } from '../../src/ledger/policies/registry.js';
import { runIndexer } from '../../src/processor/run.js';
import { auditHere } from '../audit/support.js';
import { createOffering, type LivingOffering, liveOffering } from '../prove/bookLife.js';
import { freshDatabase } from '../support/databases/postgres.js';
import { atEndOfFile } from '../support/endOfFile.js';
import { type Anvil, startAnvil } from '../support/nodes/anvil.js';
import { startPortalSimulator } from '../support/nodes/portalSimulator.js';
import { proxyWithout } from '../support/nodes/rpcProxy.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { temporaryFolder } from '../support/temporaryFolder.js';
import { livePolicyTokens } from './policyTokens.js';

/** Enough for mints that pay a token, payouts of models and purchases, at this seed. */
const OPERATIONS = 220;
const SEED = 7641;

interface Written {
  readonly text: string;
  readonly chain: ChainConfig;
}

let offering: LivingOffering;
/** Tokens of the policies that the offering does not have, by policy. */
let others: ReadonlyMap<string, string>;
/** From the addresses of all tokens alone. */
let first: Written;
/** After the addresses of everything else were added. */
let complete: Written;

beforeAll(async () => {
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: 6_000 });
  others = await livePolicyTokens(anvil);
  offering = await createOffering(anvil, SEED, true);
  await liveOffering(offering, OPERATIONS, () => undefined);
  await harvestOverflow(anvil, offering);
  const path = join(await temporaryFolder(), 'imo.yaml');
  first = await init(path, [...offering.tokens, ...others.values()]);
  const { oracles, collections } = offering;
  const there = new Set<string>(addressesOf([...first.chain.oracles, ...first.chain.collections]));
  const rest = [
    ...oracles.oracles.map(({ contract }) => contract.address),
    oracles.flat?.contract.address ?? '',
    ...collections.collections.map(({ contract }) => contract.address),
  ].filter((address) => !there.has(address));
  complete = await init(path, rest);
});

/** Lets the first depositor of the oversubscribed overflow sale take its tokens: the other one stays open. */
async function harvestOverflow(anvil: Anvil, { sales }: LivingOffering): Promise<void> {
  const contract = sales.sales.findLast(({ kind }) => kind === 'custom')?.contract;
  if (contract === undefined) throw new Error('the offering has no sale of kind custom');
  const [deposit] = await anvil.rpc.call<{ topics: string[] }[]>('eth_getLogs', [
    { address: contract.address, fromBlock: '0x0', topics: [id('Deposit(address,uint256)')] },
  ]);
  const endTime = await readContract<bigint>(anvil, contract, 'endTime');
  if ((await latestBlock(anvil)).timestamp < Number(endTime))
    await mineBlock(anvil, Number(endTime));
  const from = `0x${deposit?.topics[1]?.slice(26)}`;
  await execute(anvil, { from, to: contract.address, data: encodeCall(contract, 'harvest') });
}

async function init(
  path: string,
  addresses: readonly string[],
  more: readonly string[] = ['--rpc', offering.chain.url],
): Promise<Written> {
  const args = ['init', ...addresses, ...more, '--config', path, '--no-estimate'];
  const { stderr, exitCode } = await runVerbHere(args);
  expect({ exitCode, stderr }).toEqual({
    exitCode: 0,
    stderr: expect.not.stringMatching(/^error/),
  });
  const text = await readFile(path, 'utf8');
  const [chain] = parseConfig(path, text, { PORTAL_CHAIN_31337: 'http://localhost/' }).chains;
  if (chain === undefined) throw new Error('no chain was written');
  return { text, chain };
}

function addressesOf(list: readonly { readonly address: string }[]): string[] {
  return list.map(({ address }) => address);
}

/** Collections whose mints pay a token, directly or through a splitter. */
function payingCollections(): string[] {
  return offering.collections.collections
    .filter(({ payee }) => payee !== 'stranger')
    .map(({ contract }) => contract.address);
}

test('init finds the policy of each kind of token from its address', () => {
  const policies = new Map(first.chain.tokens.map(({ address, policy }) => [address, policy]));
  for (const [policy, address] of others) expect(policies.get(address as never)).toBe(policy);
  for (const { contract, window } of offering.world.tokens) {
    const policy = policies.get(contract.address as never);
    expect(policy).toBe(window === null ? 'reference' : 'windowed');
  }
  expect(new Set(policies.values())).toEqual(new Set(POLICIES.map(({ name }) => name)));
});

test('init finds the block of each deployment, which the devnet knows', () => {
  const starts = new Map(
    first.chain.tokens.map(({ address, startBlock }) => [address, startBlock]),
  );
  for (const { contract } of offering.world.tokens) {
    expect(starts.get(contract.address as never)).toBe(contract.deploymentBlock);
  }
  for (const { contract } of offering.sales.sales) {
    const sale = first.chain.sales.find(({ address }) => address === contract.address);
    if (sale !== undefined) expect(sale.startBlock).toBe(contract.deploymentBlock);
  }
});

test('init finds the oracles and collections that pay a token, and says why', () => {
  const [oracle] = offering.oracles.oracles.filter(({ isFirst }) => isFirst);
  expect(addressesOf(first.chain.oracles)).toEqual([oracle?.contract.address]);
  expect(addressesOf(first.chain.collections).sort()).toEqual(payingCollections().sort());
  const comments = first.text.replace(/\n *# {3}/g, ' ');
  expect(comments).toMatch(
    /# found because the receiver of models? [\d, ]+ is \w+ \(getModel at block \d+\)/,
  );
  expect(comments).toMatch(
    /# found because it paid OFR \d+ times, first in block \d+; it reports the interface of ERC-7007/,
  );
  expect(comments).toMatch(
    /# found because it paid 0x\w{40} (once|\d+ times), first in block \d+, which pays OFR; it reports/,
  );
});

test('init finds sales of each kind among the first holders, and comments out what is only likely', () => {
  const { sales } = offering.sales;
  const found = new Map<string, ChainConfig['sales'][number]>(
    first.chain.sales.map((sale) => [sale.address, sale]),
  );
  const unproven = sales.filter(({ contract }) => !found.has(contract.address));
  expect(unproven.map(({ kind, raiseAsset }) => [kind, raiseAsset !== null])).toEqual([
    ['fixed-price', true],
    ['custom', true],
  ]);
  const customs = first.chain.sales.filter(({ kind }) => kind === 'custom');
  expect(customs.map(({ custom }) => custom?.events.length)).toEqual([2]);
  for (const { contract, kind, raiseAsset } of sales) {
    const sale = found.get(contract.address);
    if (sale === undefined) continue;
    expect({ kind: sale.kind, raiseAsset: sale.raiseAsset }).toEqual({
      kind,
      raiseAsset: raiseAsset ?? 'native',
    });
  }
  const texts = unproven.map(({ contract: { address } }) => {
    const entry = new RegExp(`((?: *#.*\\n)+?) *# +- address: "?${address}"?\\n`, 'i').exec(
      first.text,
    );
    return entry?.[1]?.replaceAll(/\n? *#/g, ' ').replaceAll(/ +/g, ' ') ?? 'not in the file';
  });
  expect(texts).toEqual([
    expect.stringContaining('but no purchase shows that it is a sale'),
    expect.stringMatching(/deposits and harvests like an overflow sale: .* no harvest shows yet/),
  ]);
});

test('init adds to a file and keeps every line of it', () => {
  const lines = new Set(complete.text.split('\n'));
  expect(first.text.split('\n').filter((line) => !lines.has(line))).toEqual([]);
  expect(complete.chain.oracles).toHaveLength(3);
  expect(complete.chain.collections).toHaveLength(offering.collections.collections.length);
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
  expect(figures).toBeGreaterThan(800);
});

test('init finds the same by a Portal where the node does not serve trace_filter', async () => {
  const rpc = await proxyWithout(offering.chain.url, ['trace_filter']);
  const portal = await startPortalSimulator({ rpcUrl: offering.chain.url, chunk: 256 });
  atEndOfFile(() => portal.close());
  const path = join(await temporaryFolder(), 'imo.yaml');
  const { address } = offering.saleToken;
  const { chain, text } = await init(path, [address], ['--rpc', rpc, '--portal', portal.url]);
  expect(addressesOf(chain.collections).sort()).toEqual(payingCollections().sort());
  // It may have a key in its path.
  expect(text).toContain('portal: $' + '{PORTAL_CHAIN_31337}');
  expect(text).not.toContain(portal.url);
});
