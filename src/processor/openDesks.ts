import type { ClientBase } from 'pg';
import type { Address } from '../address.js';
import type { ChainNode } from '../chain/node.js';
import type { ChainConfig } from '../config/types.js';
import { chainIdOf, isJoining } from '../store/booksKey.js';
import { type IndexedContract, readContracts } from '../store/registry/contracts.js';
import { writeRefusals } from '../store/registry/factories.js';
import { CollectionDesk } from './collections/collectionDesk.js';
import { openCollections } from './collections/openCollections.js';
import { WitnessDesk } from './collections/witnessDesk.js';
import type { Desk } from './desks/desk.js';
import type { Refusals } from './factories/createdContracts.js';
import { isOwn } from './groups/ownContracts.js';
import { openOracles } from './oracles/openOracles.js';
import { OracleDesk } from './oracles/oracleDesk.js';
import { openDepositPools } from './pools/openDepositPools.js';
import { PoolDesk } from './pools/poolDesk.js';
import { openPrices } from './prices/openPrices.js';
import { PriceDesk } from './prices/priceDesk.js';
import { openSales } from './sales/openSales.js';
import { SaleDesk } from './sales/saleDesk.js';
import type { ReserveAsset } from './tokens/bookedAssets.js';
import { knownSources } from './tokens/knownSources.js';
import { openTokens } from './tokens/openTokens.js';
import type { LearnedChanges } from './tokens/terms/termsChanged.js';
import { TokenDesk } from './tokens/tokenDesk.js';

export interface DeskOptions {
  readonly chain: ChainConfig;
  /** All contracts of the chain, where `chain` has only those that join. */
  readonly whole?: ChainConfig | undefined;
  /** The group of the chain that the desks are for; `null`: all of its contracts. */
  readonly group?: ChainConfig | null;
  readonly reserveAsset: ReserveAsset;
  readonly onWarning: (line: string) => void;
  readonly learned: LearnedChanges;
  /** What a factory created and cannot be indexed is left out. */
  readonly refusals: Refusals;
}

/**
 * Looks up the contracts of a chain. Only what is returned writes, and it asks no node: other chains
 * of the database wait for it.
 *
 * @returns adds what is new to the database, and opens one desk for each kind of contract
 * @throws ImoError as `openTokens`, `openCollections`, `openSales`, `openDepositPools`, `openOracles` and
 *   `openPrices` do
 */
export async function openDesks(
  db: ClientBase,
  node: ChainNode,
  {
    chain: wanted,
    whole: all = wanted,
    group = null,
    reserveAsset,
    onWarning,
    learned,
    refusals,
  }: DeskOptions,
): Promise<(db: ClientBase) => Promise<Desk[]>> {
  const refuses = refusals.take.bind(refusals);
  const tokens = await openTokens(db, node, wanted, { onWarning, refuses });
  refusals.refuseSales(refusals.without(wanted));
  const collections = await openCollections(db, node, wanted, refuses);
  const sales = await openSales(db, node, refusals.without(wanted), refuses);
  const chain = refusals.without(wanted);
  const whole = refusals.without(all);
  const pools = await openDepositPools(db, node, chain, whole);
  const oracles = await openOracles(db, node, chain);
  const firstBlocks = [tokens, collections, sales, pools, oracles].map(
    ({ firstBlock }) => firstBlock,
  );
  const prices = await openPrices(db, node, chain, Math.min(...firstBlocks), onWarning);
  const revenueTokens = whole.tokens.map(({ address }) => address);
  const joiningWitnesses = await otherCollections(db, chain, whole);
  const isOfGroup = group === null ? () => true : isOwn(group);
  return async (writer) => {
    await writeRefusals(writer, chain.id, refusals.all);
    const own = <Contract extends { readonly address: Address }>(contracts: readonly Contract[]) =>
      contracts.filter(({ address }) => isOfGroup(address));
    const ownBehind = <One extends { readonly contract: { readonly address: Address } }>(
      all: readonly One[],
    ) => all.filter(({ contract }) => isOfGroup(contract.address));
    const tokensOfChain = await tokens.write(writer);
    const collectionsOfChain = await collections.write(writer);
    const opened = {
      tokens: own(tokensOfChain),
      collections: own(collectionsOfChain),
      sales: ownBehind(await sales.write(writer)),
      pools: ownBehind(await pools.write(writer)),
      oracles: own(await oracles.write(writer)),
      prices: await prices.write(writer),
    };
    const otherGroups = collectionsOfChain.filter(({ address }) => !isOfGroup(address));
    const witnesses = [...joiningWitnesses, ...otherGroups];
    const desks: (Desk | false)[] = [
      opened.tokens.length > 0 &&
        new TokenDesk(node, opened.tokens, knownSources(whole), reserveAsset, learned, onWarning),
      opened.tokens.length > 0 && witnesses.length > 0 && new WitnessDesk(witnesses),
      opened.collections.length > 0 && new CollectionDesk(node, opened.collections, revenueTokens),
      opened.sales.length > 0 && new SaleDesk(node, opened.sales),
      opened.pools.length > 0 && new PoolDesk(node, opened.pools),
      opened.oracles.length > 0 && new OracleDesk(node, opened.oracles),
      opened.prices.length > 0 && new PriceDesk(node, opened.prices),
    ];
    return desks.filter((desk) => desk !== false);
  };
}

/** The live collections that do not join, and that money of joining tokens may come from. */
async function otherCollections(
  db: ClientBase,
  chain: ChainConfig,
  whole: ChainConfig,
): Promise<IndexedContract[]> {
  if (!isJoining(chain.id)) return [];
  const joins = new Set(chain.collections.map(({ address }) => address));
  const wanted = new Set(whole.collections.map(({ address }) => address));
  const live = await readContracts(db, chainIdOf(chain.id), 'collection');
  return live.filter(({ address }) => wanted.has(address) && !joins.has(address));
}
