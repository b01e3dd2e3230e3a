import type { MappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Rpc } from '@subsquid/evm-processor/lib/ds-rpc/rpc.js';
import type { DataRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { DataSource } from '@subsquid/util-internal-processor-tools';
import type { KnownBalances } from '../../chain/knownBalances.js';
import type { PooledClient } from '../../chain/rpc/connection/pooledClient.js';
import type { BlockRange } from '../../chain/rpc/endpoints/rangeLimit.js';
import type { ChainCache } from '../../chain/source/cache/openCache.js';
import { type Covered, FinalBlocks, type SourcePlan } from '../../chain/source/dataSource.js';
import { type Finder } from '../../chain/source/finders/finder.js';
import { type Ability, describeAbility } from '../../chain/source/finders/probe.js';
import { RangesFinder } from '../../chain/source/finders/ranges.js';
import { StateFinder } from '../../chain/source/finders/state.js';
import type { MappedBlock } from '../../chain/source/mappedBlock.js';
import { GapProof } from '../../chain/source/proofs/gapProof.js';
import { type OldState, StateReads, type Watched } from '../../chain/source/proofs/stateReads.js';
import { NodeReader } from '../../chain/source/reader.js';
import { tracedAddresses, wantedOf } from '../../chain/source/wanted.js';
import { FINDER_KINDS } from '../../config/source/finderKinds.js';
import type { SourceConfig } from '../../config/source/source.js';
import { BLOCKS_AT_LEAST, EndpointAbilities } from './endpointAbilities.js';

/** Where fewer blocks are answered at once, to search them takes as long as to read them. */
const FEWEST_BLOCKS = 10;

export interface FinalSourceOptions {
  readonly client: PooledClient;
  /** What the endpoints serve, where that is asked before. */
  readonly abilities?: EndpointAbilities;
  readonly chainId: number;
  readonly traceTimeoutSeconds: number | undefined;
  readonly config: SourceConfig;
  /** Finders that need no node, the best first. */
  readonly services: readonly Finder[];
  /** What is kept of final blocks; `null`: nothing. */
  readonly cache: ChainCache | null;
  /** The processor's own source, with our checks, and its access to the nodes. */
  readonly perBlock: DataSource<MappedBlock, DataRequest>;
  readonly rpc: Rpc;
  readonly toMappingRequest: (request: DataRequest) => MappingRequest;
  readonly patiently: <T>(work: () => Promise<T>) => Promise<T>;
  /** Takes the balances that were read with states. */
  readonly knownBalances?: KnownBalances;
  /** Blocks up to here are read one by one. */
  readonly readEachTo?: number;
  /** Units of assets that contracts hold, as far as they are known. */
  readonly assets: () => readonly Watched[];
  readonly onWarning: (line: string) => void;
  readonly onRead?: (blocks: readonly MappedBlock[]) => void;
  readonly onCovered?: (covered: Covered) => void;
  readonly signal: AbortSignal;
}

/** Where the processor gets its final blocks from: what finders find, else block by block. */
export function openFinalSource(options: FinalSourceOptions): FinalBlocks {
  const { config, perBlock, toMappingRequest, patiently, onWarning, signal } = options;
  return new FinalBlocks({
    plan: (range, request) => planFor(options, range, request),
    perBlock,
    readEachTo: options.readEachTo ?? -1,
    toMappingRequest,
    patiently,
    blocksAtLeast: config.blocksAtLeast ?? BLOCKS_AT_LEAST,
    onWarning,
    ...(options.onRead === undefined ? {} : { onRead: options.onRead }),
    ...(options.onCovered === undefined ? {} : { onCovered: options.onCovered }),
    signal,
  });
}

async function planFor(
  options: FinalSourceOptions,
  range: BlockRange,
  request: DataRequest,
): Promise<SourcePlan> {
  const { client, chainId, rpc, assets, onWarning, traceTimeoutSeconds } = options;
  const [address = `0x${'0'.repeat(40)}`] = tracedAddresses(wantedOf(request));
  const probing = options.abilities ?? new EndpointAbilities(client, options.cache);
  const abilities = await probing.of(range, address);
  for (const ability of abilities) onWarning(describeAbility(ability));
  const reader = new NodeReader({
    client,
    chainId,
    ...(traceTimeoutSeconds === undefined ? {} : { traceTimeoutSeconds }),
    hasBlockReceipts: abilities.some(({ blockReceipts }) => blockReceipts),
    readWhole: async (height, mapping) => {
      const split = { range: { from: height, to: height }, request: mapping };
      const [block] = await rpc.withPriority(height).getColdSplit(split);
      if (block === undefined) throw new Error(`block ${height} was not read`);
      return block;
    },
  });
  const states = new StateReads(client, oldStateOf(abilities), onWarning);
  const hasTraceFilter = abilities.some(({ traceFilter }) => traceFilter === 'indexed');
  const hasRanges = abilities.some(
    ({ logBlocks }) => (logBlocks ?? FEWEST_BLOCKS) >= FEWEST_BLOCKS,
  );
  const prover = new GapProof({
    reader,
    states,
    assets,
    onWarning,
    knownBalances: options.knownBalances,
  });
  const finders = findersFor(options, states, { hasTraceFilter, hasRanges });
  return {
    finders,
    reader,
    prover,
    isProvisional: abilities.some(({ problem }) => problem !== null),
  };
}

/** The best that any endpoint serves: the pool asks those that can. */
function oldStateOf(abilities: readonly Ability[]): OldState {
  const served = new Set(abilities.map(({ oldState }) => oldState));
  return (['proofs', 'balances'] as const).find((state) => served.has(state)) ?? 'missing';
}

function findersFor(
  { client, config, services, cache, perBlock, assets }: FinalSourceOptions,
  states: StateReads,
  { hasTraceFilter, hasRanges }: { readonly hasTraceFilter: boolean; readonly hasRanges: boolean },
): Finder[] {
  const allowed = new Set(config.finders ?? FINDER_KINDS);
  const finalHeight = () => perBlock.getFinalizedHeight();
  const { blocksAtOnce } = config;
  const finders: Finder[] = [...services];
  if (hasRanges && hasTraceFilter)
    finders.push(new RangesFinder({ client, finalHeight, hasTraceFilter, blocksAtOnce }));
  // Balances alone do not show that something was written.
  if (hasRanges && states.oldState === 'proofs') {
    const logs = new RangesFinder({ client, finalHeight, hasTraceFilter: false, blocksAtOnce });
    finders.push(new StateFinder({ logs, states, assets }));
  }
  return finders
    .filter(({ kind }) => allowed.has(kind))
    .map((finder) => cache?.wrap(finder) ?? finder);
}
