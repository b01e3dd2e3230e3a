import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { execute } from '../../devnet/chain.js';
import { encodeCall } from '../../devnet/deploy.js';
import type { Address } from '../../src/address.js';
import { PRICE_LIST, unitsOf } from '../../src/cli/estimate/priceList.js';
import type { ChainConfig } from '../../src/config/types.js';
import { measureSample, windowsOf } from '../../src/processor/sample.js';
import { chainConfig } from '../support/programs/indexer.js';
import { runVerbHere } from '../support/programs/verbHere.js';
import { liveToken } from '../support/scenes/livedToken.js';
import { deployAggregator } from '../support/scenes/priceScene.js';
import { SaleScene } from '../support/scenes/saleScene.js';
import { temporaryFolder } from '../support/temporaryFolder.js';

test('estimate measures a sample and names calls, bytes, minutes and the price list', async () => {
  const { chain, tokens } = await liveToken(2);
  const config = join(await temporaryFolder(), 'imo.yaml');
  await writeFile(
    config,
    `chains:\n  - id: ${chain.chainId}\n    name: devnet\n    rpc: ${chain.url}\n    finality: 2\n    tokens:\n      - address: "${tokens[0]}"\n`,
  );
  const { stdout, exitCode } = await runVerbHere(['estimate', '--config', config, '--blocks', '8']);
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^devnet: blocks 1 to \d+, \d+ in all$/m);
  expect(stdout).toMatch(/sample {4}8 blocks by ranges: \d+ hits, \d+ calls/);
  expect(stdout).toMatch(/whole {5}about \d+ hits, \d+ calls, \d+ MB, [\d.]+ minutes/);
  for (const { provider, source, readOn, unverified } of PRICE_LIST) {
    expect(stdout).toContain(`${provider}: `);
    expect(stdout).toContain(`not verified: ${unverified.join(', ')}`);
    expect(stdout).toContain(`${readOn}, ${source}`);
  }
});

test('the sample covers sales and price feeds, as the config names them', async () => {
  const sales = await SaleScene.start();
  const { chain, token, founder, friend } = sales.scene;
  const launchpad = await sales.launchpad({ target: 100n, tokensForSale: 100n });
  const aggregator = await deployAggregator(sales.scene);
  for (let deposit = 0; deposit < 2; deposit++) {
    await sales.call(friend, launchpad, 'deposit()', [], 10n);
  }
  const submission = encodeCall(aggregator, 'submit', [2_000n]);
  for (let round = 0; round < 3; round++) {
    await execute(chain, { from: founder, to: aggregator.address, data: submission });
  }
  const measured = async (more: Partial<ChainConfig>) => {
    const config = chainConfig({
      chain,
      databaseUrl: '',
      tokens: [token.address],
      finality: 0,
      more,
    });
    const signal = new AbortController().signal;
    return measureSample(config, { blocks: 1_000, onWarning: () => undefined, signal });
  };
  const feed = {
    asset: 'native',
    currency: 'USD',
    aggregator: aggregator.address.toLowerCase() as Address,
    startBlock: null,
    staleAfterSeconds: null,
  } as const;
  const alone = await measured({});
  const all = await measured({ sales: sales.sales, prices: [feed] });
  expect(all.range).toEqual(alone.range);
  // Both contracts were deployed in a block of their own, which a comparison of states finds.
  expect(all.hits - alone.hits).toBe(2 + 3 + 2);
});

test('a sample is spread over the range and ends at its end', () => {
  expect(windowsOf({ from: 100, to: 199 }, 20)).toEqual([
    { from: 120, to: 124 },
    { from: 145, to: 149 },
    { from: 170, to: 174 },
    { from: 195, to: 199 },
  ]);
  expect(windowsOf({ from: 1, to: 9 }, 20)).toEqual([{ from: 1, to: 9 }]);
});

test('a method that a price list does not name takes the default', () => {
  const [alchemy] = PRICE_LIST;
  if (alchemy === undefined) throw new Error('the list is empty');
  expect(
    unitsOf(
      new Map([
        ['eth_getLogs', 2],
        ['eth_getProof', 3],
      ]),
      alchemy,
    ),
  ).toBe(180);
});
