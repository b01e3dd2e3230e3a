import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { BlockMaker } from '../../../devnet/blocks.js';
import { latestBlock } from '../../../devnet/chain.js';
import { wakeUp } from '../../../devnet/keepLiving.js';
import { buildOffering, type Offering } from '../../../devnet/life.js';
import { drawOperations, tipSomeToken } from '../../../devnet/livingOperations.js';
import { play } from '../../../devnet/offering.js';
import { SeededRandom } from '../../../devnet/random.js';
import { DEMO_SEED } from '../../../src/cli/demo/chain.js';
import { writeDemoConfig } from '../../../src/cli/demo/config.js';
import type { LivingWorld } from './livingWorld.js';

const GENESIS_TIMESTAMP = 1_750_000_000;
const HISTORY_BLOCKS = 6_000;
const LIVING_BLOCKS = 12;
const OPERATIONS = 6;
const BLOCKS_AT_END = 8;
const COIN_DECIMALS = 18;
const FEED_DECIMALS = 8;
const LAST_PAYMENT = 10n ** 18n;

/** The chain of `imo-ledger demo`, indexed with its config. */
export async function startDemo(seed: number): Promise<LivingWorld> {
  const anvil = await startAnvil({
    genesisTimestamp: GENESIS_TIMESTAMP,
    historyBlocks: HISTORY_BLOCKS,
  });
  return demoWorld(anvil, await buildOffering(anvil, { seed: DEMO_SEED }), seed);
}

/** The same over a chain that is there. */
async function demoWorld(anvil: Anvil, offering: Offering, seed: number): Promise<LivingWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-reader-'));
  const { path, config } = await writeDemoConfig(folder, { anvil, offering });
  const random = new SeededRandom(`reader of the demo ${seed}`);
  const blocks = await BlockMaker.takeOver(anvil);
  return {
    name: 'demo',
    chain: anvil,
    folder,
    configPath: path,
    config,
    feeds: [
      {
        asset: 'native',
        assetDecimals: COIN_DECIMALS,
        currency: 'USD',
        aggregator: offering.prices.aggregator.address,
        decimals: FEED_DECIMALS,
        staleAfterSeconds: null,
      },
    ],
    random,
    async live(index) {
      const stage = await wakeUp(anvil, offering, { random, blocks });
      for (let count = 1; count <= LIVING_BLOCKS; count += 1) {
        await play(stage, await drawOperations(stage, OPERATIONS), 1);
        if (count % 4 === 0) await tipSomeToken(stage);
        if (count % 3 === 0) await index();
      }
    },
    async payLast(token) {
      await blocks.catchUp();
      await blocks.mine([{ from: offering.founder, to: token, valueWei: LAST_PAYMENT }]);
      const { number } = await latestBlock(anvil);
      await blocks.skip(BLOCKS_AT_END);
      return number;
    },
    async stop() {
      await anvil.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
