import { type Address, checksummed } from '../../address.js';
import { deploymentBlock, firstBlock } from '../../chain/contract/deployment.js';
import type { Creation } from '../../chain/factories/creations.js';
import { readCreations, searchCreations } from '../../chain/factories/search.js';
import type { ChainNode } from '../../chain/node.js';
import type { Finder } from '../../chain/source/finders/finder.js';
import { type FactoryConfig, factoryKey } from '../../config/factories/factories.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import type { CreatedContract, SearchedFactory } from '../../store/registry/factories.js';
import { inTurns } from '../desks/inTurns.js';
import { salesOfKnownTokens } from './createdContracts.js';
import { assertReadable, assertSomeContract } from './factoryChecks.js';
import { unreadableText, type WatchedFactory } from './factoryDesk.js';

/** Contracts whose deployment is searched at the same time. */
const SEARCHED_AT_ONCE = 32;

export interface FactoryOptions {
  readonly chain: ChainConfig;
  /** Named by what refuses contracts. */
  readonly by: string;
  readonly node: ChainNode;
  /** The newest block that the search may reach. */
  readonly final: number;
  /** The newest indexed block; `null`: none. */
  readonly indexedTo: number | null;
  readonly finders: readonly Finder[];
  readonly onWarning: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What is known of the factories of a chain before a search. */
export interface KnownCreations {
  readonly searched: readonly SearchedFactory[];
  readonly created: readonly CreatedContract[];
}

/** A factory, and the newest block up to which it was searched. */
export interface SoughtFactory extends WatchedFactory {
  readonly searchedTo: number;
}

export interface FoundByFactories {
  /** As they were before the search. */
  readonly factories: readonly SoughtFactory[];
  /** In the order of their events, with those that are left out. */
  readonly contracts: readonly CreatedContract[];
  /** Of them: created in a block that the node does not have. */
  readonly unseen: ReadonlySet<Address>;
  /** By the key of the factory: how far it is searched now. */
  readonly searchedTo: ReadonlyMap<string, number>;
}

/**
 * Finds where each factory of a config begins.
 *
 * @throws ImoError `FACTORY_NOT_A_CONTRACT` and `FACTORY_START_TOO_LATE`
 */
export async function startFactories(
  options: Pick<FactoryOptions, 'node' | 'chain'>,
  { searched }: KnownCreations,
): Promise<SoughtFactory[]> {
  const known = new Map(searched.map((one) => [one.factory, one]));
  const factories: SoughtFactory[] = [];
  for (const config of options.chain.factories ?? []) {
    const before = known.get(factoryKey(config));
    const startBlock = before?.startBlock ?? (await startOf(options, config));
    factories.push({ config, startBlock, searchedTo: before?.searchedTo ?? startBlock - 1 });
  }
  return factories;
}

/**
 * Searches the final blocks for what factories created. It writes nothing.
 *
 * @throws ImoError `FACTORY_EVENT_UNREADABLE` and `FACTORY_NAMES_NO_CONTRACT`
 */
export async function findCreations(
  options: FactoryOptions,
  factories: readonly SoughtFactory[],
  known: KnownCreations,
): Promise<FoundByFactories> {
  const addresses = new Set(known.created.map(({ address }) => address));
  const fresh = await search(options, factories, addresses);
  const all = [...known.created, ...fresh.created];
  const unseen = await unseenCreations(options, all);
  const contracts = await withDeployments(options, all, unseen);
  const searched = new Map(known.searched.map((one) => [one.factory, one]));
  assertSomeContract(
    factories.map(({ config }) => config),
    searched,
    contracts,
  );
  return { factories, contracts, unseen, searchedTo: fresh.searchedTo };
}

async function startOf(
  { node, chain }: Pick<FactoryOptions, 'node' | 'chain'>,
  { factory: address, startBlock }: FactoryConfig,
): Promise<number> {
  const head = await node.headNumber();
  if ((await node.code(address, head)) === '0x') {
    throw new ImoError(
      'FACTORY_NOT_A_CONTRACT',
      `there is no contract at ${checksummed(address)} (block ${head}, ${node.displayUrl}), which the config names as a factory`,
      'Check the address and the chain of this factory in the config.',
    );
  }
  const contract = { address, startBlock };
  return deploymentBlock(node, contract, chain.startBlock, head, 'FACTORY_START_TOO_LATE');
}

interface Searched {
  readonly created: readonly CreatedContract[];
  /** By the key of the factory. */
  readonly searchedTo: ReadonlyMap<string, number>;
}

/** Searches the blocks that were not searched or indexed before. */
async function search(
  options: FactoryOptions,
  factories: readonly SoughtFactory[],
  known: Set<Address>,
): Promise<Searched> {
  const { node, final, finders, onWarning, signal } = options;
  const searchedTo = new Map<string, number>();
  const created: CreatedContract[] = [];
  const byStart = new Map<number, FactoryConfig[]>();
  for (const { config, searchedTo: before } of factories) {
    byStart.set(before + 1, [...(byStart.get(before + 1) ?? []), config]);
  }
  for (const [from, configs] of byStart) {
    if (from > final) continue;
    const range = { from, to: final };
    const parts = { factories: configs, range, finders, node, onWarning, signal };
    const found = await searchCreations(parts);
    assertReadable(configs, found.creations, found.unreadable);
    if (found.unreadable > 0)
      onWarning(unreadableText(found.unreadable, `blocks ${from} to ${final}`));
    for (const config of configs) searchedTo.set(factoryKey(config), found.searchedTo);
    for (const creation of found.creations) {
      if (known.has(creation.address)) continue;
      known.add(creation.address);
      created.push({ ...creation, startBlock: null, refusal: null });
    }
  }
  for (const creation of await newest(options, factories)) {
    if (known.has(creation.address)) continue;
    known.add(creation.address);
    created.push({ ...creation, startBlock: null, refusal: null });
  }
  return { created: created.sort(inOrder), searchedTo };
}

/** What new factories created in blocks that are indexed and not final yet: the live books do not read them again. */
async function newest(
  { node, final, indexedTo, signal }: FactoryOptions,
  all: readonly SoughtFactory[],
): Promise<readonly Creation[]> {
  const late = all.filter(({ startBlock, searchedTo }) => searchedTo < startBlock);
  if (late.length === 0 || indexedTo === null || indexedTo <= final) return [];
  const factories = late.map(({ config }) => config);
  const range = { from: final + 1, to: indexedTo };
  return (await readCreations({ factories, node, signal }, range)).creations;
}

const inOrder = (a: Creation, b: Creation) => a.block - b.block || a.logIndex - b.logIndex;

/**
 * Contracts that are not looked up yet, and that a fork of the chain has taken back: the blocks that come in the
 * place of theirs will show it.
 */
async function unseenCreations(
  { node, final, indexedTo }: FactoryOptions,
  contracts: readonly CreatedContract[],
): Promise<ReadonlySet<Address>> {
  const head = await node.headNumber();
  const isUnseen = async ({ block, blockHash, startBlock, refusal }: CreatedContract) => {
    if (startBlock !== null || refusal !== null || block <= final) return false;
    if (block > head) return true;
    return block > (indexedTo ?? -1) && (await node.blockHeader(block)).hash !== blockHash;
  };
  const unseen = await inTurns(contracts, SEARCHED_AT_ONCE, async (contract) =>
    (await isUnseen(contract)) ? [contract.address] : [],
  );
  return new Set(unseen.flat());
}

/** Finds the block in which each contract was deployed. */
async function withDeployments(
  { node, by, chain, onWarning, signal }: FactoryOptions,
  contracts: readonly CreatedContract[],
  unseen: ReadonlySet<Address>,
): Promise<CreatedContract[]> {
  const isOfNewToken = salesOfKnownTokens(chain, contracts);
  const head = await node.headNumber();
  return inTurns(contracts, SEARCHED_AT_ONCE, async (contract) => {
    signal.throwIfAborted();
    const { address, block, startBlock, refusal } = contract;
    if (
      unseen.has(address) ||
      (refusal?.by === by && !isOfNewToken(contract)) ||
      (startBlock !== null && refusal === null)
    )
      return contract;
    // Other programs and configs try what was refused again, and so does a token that was not known.
    if (startBlock !== null) return { ...contract, refusal: null };
    const hasCode = async (at: number) => at >= 0 && (await node.code(address, at)) !== '0x';
    const [hadCode, hasCodeThen] = await Promise.all([hasCode(block - 1), hasCode(block)]);
    if (hadCode) {
      return { ...contract, startBlock: await firstBlock(hasCode, 0, block - 1), refusal: null };
    }
    if (hasCodeThen) return { ...contract, startBlock: block, refusal: null };
    // The address may have been named before the contract was there.
    if (head > block && (await hasCode(head))) {
      return { ...contract, startBlock: await firstBlock(hasCode, block + 1, head), refusal: null };
    }
    const reason = `a factory named ${checksummed(address)} in block ${block}, where there is no contract`;
    onWarning(`${reason}. It is left out; the others are indexed`);
    return { ...contract, refusal: { code: 'FACTORY_NAMES_NO_CONTRACT', reason, by } };
  });
}
