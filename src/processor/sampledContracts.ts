import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import {
  requestCollections,
  type WatchedCollection,
} from '../chain/collection/collectionSource.js';
import { type ConfiguredContract, deploymentBlock } from '../chain/contract/deployment.js';
import type { ChainNode } from '../chain/node.js';
import { requestOracles, type WatchedOracle } from '../chain/oracle/source.js';
import { type FeedPhase, feedPhases } from '../chain/prices/phases.js';
import { requestFeeds } from '../chain/prices/source.js';
import { type FIELDS, requestTokens, type WatchedToken } from '../chain/reading/source.js';
import { saleAdapter } from '../chain/sales/byKind.js';
import { requestSales, type WatchedSale } from '../chain/sales/source.js';
import { detectSale } from '../chain/sales/terms.js';
import { wantedPolicy } from '../config/contracts/policy.js';
import type { TokenConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import type { EffectiveChain } from './factories/createdContracts.js';
import { requestFactories, type WatchedFactory } from './factories/factoryDesk.js';

/** What the config names on a chain, with the blocks from which on it is read. */
export interface ConfiguredContracts {
  readonly tokens: readonly WatchedToken[];
  readonly collections: readonly WatchedCollection[];
  readonly oracles: readonly WatchedOracle[];
  readonly sales: readonly WatchedSale[];
  readonly feeds: readonly FeedPhase[];
  readonly factories: readonly WatchedFactory[];
}

/**
 * Finds where each contract of the config begins, without a database.
 *
 * @param created what factories created: the index leaves out what it cannot read of it
 * @param final the newest final block
 * @throws ImoError with the codes of `deploymentBlock` and `detectSale`
 */
export async function configuredContracts(
  node: ChainNode,
  { chain, created }: EffectiveChain,
  final: number,
): Promise<Omit<ConfiguredContracts, 'factories'>> {
  const startOf = (contract: ConfiguredContract) =>
    deploymentBlock(node, contract, chain.startBlock, final, 'START_BLOCK_LATE');
  const tokens: WatchedToken[] = [];
  for (const token of chain.tokens) {
    const { address } = token;
    tokens.push({ address, startBlock: await startOf(token), sharesAssets: sharesAssets(token) });
  }
  const collections: WatchedCollection[] = [];
  for (const collection of chain.collections) {
    collections.push({ address: collection.address, startBlock: await startOf(collection) });
  }
  const oracles: WatchedOracle[] = [];
  for (const { address, startBlock } of chain.oracles) {
    // Indexing may start after the deployment of an oracle.
    const named = startBlock ?? chain.startBlock;
    oracles.push({ address, startBlock: named ?? (await startOf({ address, startBlock })) });
  }
  const sales: WatchedSale[] = [];
  for (const config of chain.sales) {
    const sale = await detectSale(node, config, chain.startBlock).catch((error: unknown) => {
      if (created.has(config.address) && error instanceof ImoError) return null;
      throw error;
    });
    if (sale === null) continue;
    const { startBlock, raiseAsset } = sale;
    const contract = { address: config.address, token: config.token, raiseAsset };
    const adapter = saleAdapter(config.kind, contract, config.custom ?? undefined);
    sales.push({ contract, adapter, startBlock });
  }
  const all = { tokens, collections, oracles, sales, feeds: [] };
  const first = firstBlockOf(all, final);
  const feeds: FeedPhase[] = [];
  for (const { aggregator, startBlock } of chain.prices ?? []) {
    feeds.push(...(await feedPhases(node, aggregator, startBlock ?? first, final)));
  }
  return { ...all, feeds };
}

/** The first block that anything is read of. */
export function firstBlockOf(contracts: Partial<ConfiguredContracts>, final: number): number {
  return Object.values(contracts)
    .flatMap((list: readonly { readonly startBlock: number }[]) => list)
    .reduce((first, { startBlock }) => Math.min(first, startBlock), final);
}

/** Asks the processor for what `index` asks for. */
export function requestConfigured(
  processor: EvmBatchProcessor<typeof FIELDS>,
  { tokens, collections, oracles, sales, feeds, factories }: ConfiguredContracts,
): void {
  requestTokens(processor, tokens);
  const revenueTokens = tokens.map(({ address }) => address);
  requestCollections(processor, collections, revenueTokens);
  requestOracles(processor, oracles);
  requestSales(processor, sales);
  requestFeeds(processor, feeds);
  requestFactories(processor, factories);
}

/** As far as the config says: nothing else is read of the token before. */
function sharesAssets(token: TokenConfig): boolean {
  const wanted = wantedPolicy(token);
  return (wanted !== 'auto' && wanted.sharesAssets) || token.assets.length > 0;
}
