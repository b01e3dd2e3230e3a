import type { Chain } from '../../devnet/anvil.js';
import { type AssetWorld, createAssetWorld, liveAssets } from '../../devnet/assetLife.js';
import { latestBlock } from '../../devnet/chain.js';
import { liveCollections } from '../../devnet/collectionLife.js';
import { type CollectionWorld, createCollectionWorld } from '../../devnet/collectionWorld.js';
import { type DeployedContract, deployWindowed } from '../../devnet/deploy.js';
import { createOracleWorld, liveOracles, type OracleWorld } from '../../devnet/oracleLife.js';
import { SeededRandom } from '../../devnet/random.js';
import {
  createWorld,
  type RunOptions,
  runOperations,
  type World,
} from '../../devnet/randomOperations.js';
import { createSaleWorld, drawSaleTransactions, type SaleWorld } from '../../devnet/saleLife.js';
import type { Address } from '../../src/address.js';
import type { ChainConfig } from '../../src/config/types.js';
import { saleConfig } from '../support/scenes/saleConfig.js';

/** The blocks of a life. */
export interface LivedBlocks {
  readonly firstBlock: number;
  readonly lastBlock: number;
}

/** Everything that belongs to an offering, on one chain. */
export interface LivingOffering {
  readonly chain: Chain;
  readonly random: SeededRandom;
  /**
   * Six revenue tokens of all kinds, two that share ERC-20 assets, and the one that is sold,
   * minted for and earned by.
   */
  readonly tokens: readonly string[];
  readonly saleToken: DeployedContract;
  readonly world: World;
  readonly oracles: OracleWorld;
  readonly collections: CollectionWorld;
  readonly sales: SaleWorld;
  readonly assets: AssetWorld;
}

/** Long enough for about half of a life to be before the end of the sales. */
const SALE_WINDOW_SECONDS = 400_000;

/** @param everyKind with the oracle and the collection that only prove:books has: seeds of others stay */
export async function createOffering(
  chain: Chain,
  seed: number,
  everyKind = false,
): Promise<LivingOffering> {
  const [owner = ''] = await chain.rpc.call<string[]>('eth_accounts');
  const saleToken = await deployWindowed(chain, 'RevShareWindowedSeconds', {
    from: owner,
    name: 'Offered model',
    symbol: 'OFR',
    supply: 10n ** 27n,
    percentClaimable: 80,
    snapshotInterval: 3_600,
  });
  const world = await createWorld(chain, { seed });
  const assets = await createAssetWorld(chain, { seed });
  const tokens = [
    saleToken.address,
    ...[...world.tokens, ...assets.tokens].map(({ contract }) => contract.address),
  ];
  const oracles = await createOracleWorld(chain, {
    seed,
    revenueTokens: tokens,
    hasFlat: everyKind,
  });
  const collections = await createCollectionWorld(chain, {
    seed,
    revenueToken: saleToken.address,
    hasReference: everyKind,
  });
  const sales = await createSaleWorld(chain, {
    seed,
    token: { contract: saleToken, owner },
    windowSeconds: SALE_WINDOW_SECONDS,
  });
  const random = new SeededRandom(`offering ${seed}`);
  return { chain, random, tokens, saleToken, world, oracles, collections, sales, assets };
}

/** Lets everything live at once, a few operations of one kind after a few of another. */
export async function liveOffering(
  offering: LivingOffering,
  operations: number,
  say: (line: string) => void,
): Promise<LivedBlocks> {
  const { chain, random } = offering;
  const firstBlock = (await latestBlock(chain)).number;
  let reported = 0;
  for (let done = 0; done < operations; ) {
    const count = Math.min(random.integer(3, 12), operations - done);
    await liveSome(offering, count);
    done += count;
    const tenth = Math.floor((10 * done) / operations);
    if (tenth > reported) say(`operations: ${done} of ${operations}`);
    reported = tenth;
  }
  return { firstBlock, lastBlock: (await latestBlock(chain)).number };
}

/** A few operations of one kind, drawn: of tokens, oracles, assets, collections or sales. */
export async function liveSome(
  { random, world, oracles, collections, sales, assets }: LivingOffering,
  operations: number,
  options: RunOptions = {},
): Promise<void> {
  const kinds = [
    { blocks: world.blocks, live: (count: number) => runOperations(world, count, options) },
    { blocks: oracles.blocks, live: (count: number) => liveOracles(oracles, count) },
    { blocks: assets.blocks, live: (count: number) => liveAssets(assets, count) },
    { blocks: collections.blocks, live: (count: number) => liveCollections(collections, count) },
    {
      blocks: sales.blocks,
      live: async (count: number) =>
        sales.blocks.mine(await drawSaleTransactions(sales, Math.min(count, 6))),
    },
  ] as const;
  const { blocks, live } = random.pick(kinds);
  await blocks.catchUp();
  await live(operations);
}

/** What to index of it: everything. */
export function offeringConfig(offering: LivingOffering): ChainConfig {
  const { chain } = offering;
  const contract = (address: string) => ({
    address: address as Address,
    label: null,
    startBlock: null,
  });
  return {
    id: chain.chainId,
    name: 'devnet',
    rpcUrl: chain.url,
    fallbackRpcUrls: [],
    gatewayUrl: null,
    finalityConfirmation: 20,
    startBlock: null,
    headPollIntervalSeconds: 0.1,
    labels: [],
    tokens: offering.tokens.map((address) => ({
      ...contract(address),
      policy: 'auto',
      assets: [],
    })),
    oracles: [...offering.oracles.oracles, ...flatOf(offering)].map((oracle) =>
      contract(oracle.contract.address),
    ),
    collections: offering.collections.collections.map((collection) =>
      contract(collection.contract.address),
    ),
    sales: offering.sales.sales.map((sale) =>
      saleConfig(sale, offering.saleToken, sale.kind === 'launchpad' ? null : sale.raiseAsset),
    ),
  };
}

function flatOf({ oracles: { flat } }: LivingOffering) {
  return flat === null ? [] : [flat];
}
