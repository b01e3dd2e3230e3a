import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveAssets } from '../../../devnet/assetLife.js';
import { latestBlock } from '../../../devnet/chain.js';
import { SeededRandom } from '../../../devnet/random.js';
import { loadConfig } from '../../../src/config/load.js';
import { type Item, inventoryOf } from '../life/inventory.js';
import { LifeChain } from '../life/lifeChain.js';
import { crossedFeeds, entryOf } from './crossedFeeds.js';
import type { LivingWorld } from './livingWorld.js';
import type { WorldFeed } from './world.js';

const FINALITY = 12;
const BLOCKS_AT_END = 20;
const DAY_SECONDS = 86_400;
/** Half a week at most, so that the life goes over days and months. */
const PAUSE_SECONDS_AT_MOST = 300_000;
const FEED_DECIMALS = 8;
const COIN_DECIMALS = 18;
const LAST_PAYMENT = 10n ** 18n;

export interface LifeLength {
  /** On the chain before it is indexed. */
  readonly operationsBefore: number;
  /** Rounds of a few operations, with pauses between them: half of them before it is indexed. */
  readonly rounds: number;
  /** Of the tokens that share ERC-20, which live fastest, before it is indexed. */
  readonly assetOperations: number;
}

/** A random life of everything that can be in a config, with reorgs. */
export async function startLife(seed: number, length: LifeLength): Promise<LivingWorld> {
  const life = await LifeChain.start(seed, FINALITY, length.operationsBefore);
  const { node, offering } = life.forking;
  const random = new SeededRandom(`reader ${seed}`);
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-reader-'));
  const { blocks } = offering.world;
  const goOn = async () => {
    await life.grow(random.integer(3, 8));
    await blocks.skip(1, random.integer(DAY_SECONDS / 24, PAUSE_SECONDS_AT_MOST));
  };
  await offering.assets.blocks.catchUp();
  await liveAssets(offering.assets, length.assetOperations);
  for (let round = 0; round < length.rounds / 2; round += 1) await goOn();
  await life.assignToPools();
  const items = await inventoryOf(life, folder);
  const configPath = join(folder, 'imo.yaml');
  const chain = { id: node.chainId, name: 'living', rpc: node.url, finality: FINALITY };
  const source = { blocksAtLeast: 1_000_000 };
  const lists = listsOf(items);
  const prices = [...(lists.prices ?? []), ...crossedFeeds(feedsOf(items)).map(entryOf)];
  const whole = { ...chain, headPollSeconds: 0.1, source, cache: false, ...lists, prices };
  // JSON is YAML.
  await writeFile(configPath, JSON.stringify({ chains: [whole] }, null, 2));
  return {
    name: `life ${seed}`,
    chain: node,
    folder,
    configPath,
    config: await loadConfig(configPath, {}),
    feeds: [...feedsOf(items), ...crossedFeeds(feedsOf(items))],
    random,
    async live(index) {
      for (let round = 0; round < length.rounds / 2; round += 1) {
        await goOn();
        await index();
        if (round % 2 === 0) continue;
        await life.forking.fork({ deep: false });
        await life.settle(1);
        await index();
      }
    },
    async payLast(token) {
      await blocks.catchUp();
      await blocks.mine([{ from: String(life.payers.at(-1)), to: token, valueWei: LAST_PAYMENT }]);
      const { number } = await latestBlock(node);
      await life.forking.offering.world.blocks.skip(BLOCKS_AT_END);
      return number;
    },
    async stop() {
      await node.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Everything, each entry in the first of the ways to say it that has a name or a limit. */
function listsOf(items: readonly Item[]): Record<string, unknown[]> {
  const lists: Record<string, unknown[]> = {};
  for (const item of items) lists[item.list] = [...(lists[item.list] ?? []), variantOf(item)];
  return lists;
}

function variantOf({ variants }: Item): Readonly<Record<string, unknown>> {
  const [first = {}] = variants;
  const isEuro = first.currency === 'EUR';
  return variants.find((one) => 'label' in one || (isEuro && 'staleAfterSeconds' in one)) ?? first;
}

function feedsOf(items: readonly Item[]): WorldFeed[] {
  return items
    .filter(({ list }) => list === 'prices')
    .map(variantOf)
    .map(({ asset, currency, aggregator, staleAfterSeconds }) => ({
      asset: String(asset),
      assetDecimals: COIN_DECIMALS,
      currency: String(currency),
      aggregator: String(aggregator),
      decimals: FEED_DECIMALS,
      staleAfterSeconds: typeof staleAfterSeconds === 'number' ? staleAfterSeconds : null,
    }));
}
