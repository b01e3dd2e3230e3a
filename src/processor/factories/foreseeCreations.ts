import { type Address, checksummed } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import type { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import { RangesFinder } from '../../chain/source/finders/ranges.js';
import { sqdFinders } from '../../chain/source/portal/sqdFinders.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import type { CreatedContract } from '../../store/registry/factories.js';
import { type EffectiveChain, withCreated } from './createdContracts.js';
import {
  findCreations,
  type KnownCreations,
  type SoughtFactory,
  startFactories,
} from './findCreations.js';
import { refusedBy } from './refusedBy.js';

/** Questions for logs that a forecast may ask without being asked to. */
const QUESTIONS_AT_MOST = 100;
/** Blocks of one question that most endpoints answer. */
const BLOCKS_AT_ONCE = 10_000;
const SEARCH_LIMIT_MS = 60_000;

export interface ForecastOptions {
  readonly chain: ChainConfig;
  readonly node: ChainNode;
  readonly client: PooledClient;
  readonly known: KnownCreations;
  /** Whatever it takes. */
  readonly isWhole: boolean;
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
  /** Default: a minute. */
  readonly limitMs?: number;
}

/** What a factory created, as far as it is known before it is indexed. */
export interface FactoryForecast {
  readonly makes: FactoryConfig['makes'];
  readonly factory: Address;
  readonly startBlock: number | null;
  /** Blocks that no search has read. */
  readonly blocks: number;
  /** Questions for logs that they take at most, without Portal and gateway. */
  readonly questions: number;
  /** Contracts that are known; `null`: not known yet. */
  readonly contracts: number | null;
  /** Addresses that it named and that are left out. */
  readonly leftOut: number;
  readonly error: ImoError | null;
}

export interface Foreseen extends EffectiveChain {
  readonly factories: readonly FactoryForecast[];
}

/**
 * Says what the factories of a chain created, and writes nothing. Searches where that costs little, or where the whole
 * is wanted; the price is said first.
 */
export async function foreseeCreations(options: ForecastOptions): Promise<Foreseen> {
  const { chain, node, known, onWarning } = options;
  const configured = chain.factories ?? [];
  if (configured.length === 0) return { chain, created: new Set(), factories: [] };
  const head = await node.headNumber();
  const final = Math.max(head - chain.finalityConfirmation, 0);
  let created: readonly CreatedContract[] = known.created;
  const factories: FactoryForecast[] = [];
  const by = refusedBy(chain);
  for (const config of configured) {
    const one = { ...chain, factories: [config] };
    const priced = await priceOf(options, one, final);
    if (priced.sought === null || !priced.isSearched) {
      factories.push(priced.forecast);
      continue;
    }
    const { blocks, questions } = priced.forecast;
    if (blocks > 0) onWarning(searchText(config, blocks, questions));
    try {
      created = await search(options, one, [priced.sought], { ...known, created }, final, by);
      factories.push({ ...priced.forecast, ...countsOf(created, config) });
    } catch (error) {
      options.signal.throwIfAborted();
      if (error instanceof ImoError) factories.push({ ...priced.forecast, error });
      else if (isTimeout(error)) factories.push({ ...priced.forecast, contracts: null });
      else throw error;
    }
  }
  return { ...withCreated(chain, created), factories };
}

interface Priced {
  readonly sought: SoughtFactory | null;
  readonly isSearched: boolean;
  readonly forecast: FactoryForecast;
}

async function priceOf(
  { node, known, isWhole }: ForecastOptions,
  chain: ChainConfig & { readonly factories: readonly FactoryConfig[] },
  final: number,
): Promise<Priced> {
  const [config] = chain.factories as [FactoryConfig];
  const { makes, factory } = config;
  const nothing = {
    ...{ makes, factory, startBlock: null, blocks: 0, questions: 0 },
    ...{ contracts: null, leftOut: 0 },
  };
  try {
    const [sought] = await startFactories({ node, chain }, known);
    if (sought === undefined) throw new RangeError(`factory ${factory} has no start`);
    const { startBlock, searchedTo } = sought;
    const blocks = Math.max(final - searchedTo, 0);
    const questions = Math.ceil(blocks / (chain.source?.blocksAtOnce ?? BLOCKS_AT_ONCE));
    const isKnown = known.searched.some((one) => one.factory === factoryKey(config));
    const isCheap = questions <= QUESTIONS_AT_MOST || sqdFinders(chain).length > 0;
    const counts = isKnown ? countsOf(known.created, config) : {};
    return {
      sought,
      isSearched: isWhole || isCheap,
      forecast: { ...nothing, startBlock, blocks, questions, ...counts, error: null },
    };
  } catch (error) {
    if (!(error instanceof ImoError)) throw error;
    return { sought: null, isSearched: false, forecast: { ...nothing, error } };
  }
}

async function search(
  { node, client, onWarning, signal, limitMs = SEARCH_LIMIT_MS }: ForecastOptions,
  chain: ChainConfig,
  factories: readonly SoughtFactory[],
  known: KnownCreations,
  final: number,
  by: string,
): Promise<readonly CreatedContract[]> {
  const ranges = new RangesFinder({
    client,
    finalHeight: async () => final,
    hasTraceFilter: false,
    blocksAtOnce: chain.source?.blocksAtOnce,
  });
  const limited = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const options = { chain, node, onWarning, final, by, indexedTo: null };
  const parts = { ...options, finders: [...sqdFinders(chain), ranges], signal: limited };
  return (await findCreations(parts, factories, known)).contracts;
}

function countsOf(
  created: readonly CreatedContract[],
  config: FactoryConfig,
): Pick<FactoryForecast, 'leftOut'> & { readonly contracts: number } {
  const key = factoryKey(config);
  const own = created.filter(({ factory }) => factory === key);
  const contracts = own.filter(({ refusal }) => refusal === null).length;
  return { contracts, leftOut: own.length - contracts };
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}

function searchText({ factory }: FactoryConfig, blocks: number, questions: number): string {
  const many = (value: number) => value.toLocaleString('en-US');
  return (
    `Searching ${many(blocks)} blocks for what factory ${checksummed(factory)} created: ` +
    `at most about ${questions === 1 ? '1 question' : `${many(questions)} questions`} for logs`
  );
}
