import type { Address } from '../../address.js';
import type { BlockHeader, ChainNode } from '../../chain/node.js';
import { RangesFinder } from '../../chain/source/finders/ranges.js';
import { sqdFinders } from '../../chain/source/portal/sqdFinders.js';
import { checkChain, type TraceSupport, traceSupport } from '../../chain/sourceCheck.js';
import type { ChainConfig } from '../../config/types.js';
import { ImoError } from '../../errors.js';
import { bookedChain } from '../../plan/bookedChain.js';
import { joiningContracts, type Plan } from '../../plan/plan.js';
import { chainIdOf, isGroup, isJoining } from '../../store/booksKey.js';
import { openingLock } from '../../store/database/chainLock.js';
import { archiveContracts } from '../../store/leaving/archiveContracts.js';
import { readDepositPools } from '../../store/read/pools/depositPools.js';
import { readSales } from '../../store/read/sales/sales.js';
import { readContractNumbers } from '../../store/registry/contractNumbers.js';
import { reserveRevenueAsset } from '../../store/registry/revenueAssets.js';
import { type ChainCursor, readCursor } from '../../store/write/cursor.js';
import { untilAborted } from '../../untilAborted.js';
import type { Desk } from '../desks/desk.js';
import { Refusals } from '../factories/createdContracts.js';
import { takeBackFork } from '../factories/creationsChanged.js';
import { FactoryDesk } from '../factories/factoryDesk.js';
import { plannedCreations } from '../factories/joinLater.js';
import { type OpenedFactories, openFactories } from '../factories/openFactories.js';
import { refusedBy } from '../factories/refusedBy.js';
import { unreadFactories } from '../factories/unreadFactories.js';
import { assertGroupPlan, assertStillGroup } from '../groups/checkGroup.js';
import { namedBy } from '../groups/ownContracts.js';
import type { FrameWay } from '../holding/frameWays.js';
import { openDesks } from '../openDesks.js';
import { ForkWatch } from '../reorgs/forkWatch.js';
import { assertOnChain, sameChain } from '../reorgs/sameChain.js';
import type { AttemptOptions } from './attemptOptions.js';
import type { OpenConnections } from './connections.js';
import type { Keepers } from './keepers.js';
import type { NodeClients } from './nodeClients.js';
import { applyAtOnce, planRun } from './planRun.js';

/** What one attempt works with. */
export interface AttemptParts {
  /** Its signal is also that of the end of the attempt. */
  readonly options: AttemptOptions;
  /** Of the database. */
  readonly url: string;
  readonly connections: OpenConnections;
  readonly clients: NodeClients;
  readonly keepers: Keepers;
  readonly start: StartQuestions;
}

/** What nodes are asked before anything else. */
export interface StartQuestions {
  /** The newest block, of the chain of the config. */
  readonly latest: Promise<BlockHeader>;
}

/** Asks nodes for their chain and its head: it is known when the books are opened. */
export function askStart(node: ChainNode, chain: ChainConfig): StartQuestions {
  const latest = checkChain(node, { ...chain, id: chainIdOf(chain.id) });
  const head = node.headNumber();
  // The code that needs them throws, or asks again.
  latest.catch(() => undefined);
  head.catch(() => undefined);
  return { latest };
}

/** What is known before the first block is read. */
export interface PreparedRun {
  readonly watch: ForkWatch;
  readonly way: FrameWay;
  readonly desks: readonly Desk[];
  readonly cursor: ChainCursor | null;
  /** First block of the oldest contract. */
  readonly startBlock: number;
}

/** Checks that node and books are of one chain, and opens the desks; `null`: nothing is left to index. */
export async function prepareRun(parts: AttemptParts): Promise<PreparedRun | null> {
  const { options, connections, clients } = parts;
  const { chain, toBlock, totals, signal } = options;
  const { node } = clients;
  if (isGroup(chain.id)) await assertStillGroup(connections.writer, chain);
  const isBegun = (await readCursor(connections.writer, chain.id)) !== null;
  totals.isProven ||= isBegun;
  const latest = await untilAborted(signal, parts.start.latest);
  const supporting = untilAborted(signal, traceSupport(node, latest));
  // It is thrown before anything is written.
  supporting.catch(() => undefined);
  // Nothing is read of the contracts before it is known that the books are of this chain.
  const watch = new ForkWatch(connections.reader, node, chain.id);
  const same = sameChain({
    db: connections.writer,
    watch,
    node,
    client: clients.reading,
    support: supporting,
    chainId: chain.id,
    contractNumbers: await readContractNumbers(connections.writer, chain.id),
    pollMs: chain.headPollIntervalSeconds * 1000,
    named: namedBy(chain),
    takeBack: (height) => takeBackFork(connections.writer, chain.id, height),
    onWarning: options.onWarning,
    signal,
  });
  await untilAborted(signal, same);
  // Of new books, the contracts are looked up meanwhile; the others may be changed by what is opened.
  if (isBegun || (chain.factories ?? []).length > 0) await supporting;
  if (!isBegun) {
    const final = (await node.recentHead()) - chain.finalityConfirmation;
    clients.abilities.foresee(chain, Math.min(final, toBlock ?? final));
  }
  const desks = await openAlone(parts, () => openAllDesks(parts, supporting));
  const way = await untilAborted(signal, options.ways.choose(node, await supporting));
  clients.reading.framesByTransaction = way.byTransaction;
  const cursor = await readCursor(connections.writer, chain.id);
  if (toBlock !== null && cursor !== null && cursor.head.height >= toBlock) {
    await assertOnChain(watch, node, toBlock);
    return null;
  }
  const startBlock = Math.min(...desks.map((desk) => desk.startBlock));
  if (toBlock !== null && toBlock < startBlock) throw earlyEnd(toBlock, startBlock);
  return { watch, way, desks, cursor, startBlock };
}

function earlyEnd(toBlock: number, startBlock: number): ImoError {
  return new ImoError(
    'TO_BLOCK_EARLY',
    `--to-block ${toBlock} is before block ${startBlock}, the first block of the contracts`,
    `Nothing can be indexed up to there. Use \`--to-block ${startBlock}\` or a later block.`,
  );
}

/** What the factories of the config created so far. */
async function openCreated({
  options,
  connections,
  clients,
}: AttemptParts): Promise<OpenedFactories> {
  const { chain, toBlock, cache, onWarning, signal } = options;
  const { writer } = connections;
  const head = await clients.node.recentHead();
  const final = Math.min(head - chain.finalityConfirmation, toBlock ?? head);
  const finalHeight = async () => final;
  const ranges = new RangesFinder({
    client: clients.reading,
    finalHeight,
    hasTraceFilter: false,
    blocksAtOnce: chain.source?.blocksAtOnce,
  });
  const opening = openFactories(writer, {
    chain,
    by: refusedBy(chain),
    node: clients.node,
    final,
    indexedTo: (await readCursor(writer, chain.id))?.head.height ?? null,
    finders: [...sqdFinders(chain), ranges].map((finder) => cache?.wrap(finder) ?? finder),
    onWarning,
    signal,
  });
  return untilAborted(signal, opening);
}

/** Groups of a chain open their desks one after the other: the first one registers all contracts of the chain. */
async function openAlone<T>(parts: AttemptParts, open: () => Promise<T>): Promise<T> {
  const { writer } = parts.connections;
  const { id } = parts.options.chain;
  if (!isGroup(id)) return open();
  const key = openingLock(chainIdOf(id));
  const locked = writer.query('SELECT pg_advisory_lock($1)', [key]);
  await untilAborted(parts.options.signal, locked);
  const opened = await open();
  // Who fails ends the session, and the lock with it.
  await writer.query('SELECT pg_advisory_unlock($1)', [key]);
  return opened;
}

/** @param supporting that nodes bring call frames: nothing is written before, and what it throws comes first */
async function openAllDesks(
  parts: AttemptParts,
  supporting: Promise<TraceSupport>,
): Promise<Desk[]> {
  const { options, connections, clients } = parts;
  const { whole, onWarning, onOpened, learned, signal } = options;
  const { node } = clients;
  const isOfJoining = isJoining(options.chain.id);
  const { chain, created, factories, contracts, unseen, plan } = isOfJoining
    ? { ...WITHOUT_FACTORIES, chain: options.chain, plan: null }
    : isGroup(options.chain.id)
      ? await planned(ofWholeChain(parts), assertGroupPlan)
      : await planned(parts);
  const opening = openDesks(connections.writer, node, {
    chain,
    whole,
    group: isGroup(options.chain.id) ? options.chain : null,
    reserveAsset: (asset) => connections.apart((apart) => reserveRevenueAsset(apart, asset)),
    onWarning,
    learned,
    refusals: new Refusals(created, refusedBy(options.chain), onWarning),
  });
  const write = await untilAborted(signal, after(supporting, opening));
  const opened = connections.exclusively(async (writer) => {
    const all = await write(writer);
    if (plan !== null) await applyAtOnce(writer, plan);
    await onOpened?.(writer);
    return all;
  });
  const desks = await untilAborted(signal, opened);
  if (isOfJoining) {
    const unread = await unreadFactories(
      connections.writer,
      node,
      whole ?? options.chain,
      onWarning,
    );
    return unread === null ? desks : [unread, ...desks];
  }
  if (factories.length === 0) return desks;
  // First: the other desks book nothing of a block that creates something else.
  return [new FactoryDesk(node, factories, contracts, onWarning, unseen), ...desks];
}

/** What work returns when something else was found right, which is thrown first if it was not. */
async function after<T>(check: Promise<unknown>, work: Promise<T>): Promise<T> {
  work.catch(() => undefined);
  await check;
  return work;
}

/** A group registers all contracts of the chain, so that each has the same number whichever group starts first. */
function ofWholeChain(parts: AttemptParts): AttemptParts {
  const { options } = parts;
  return { ...parts, options: { ...options, chain: options.whole ?? options.chain } };
}

/** What a factory creates joins with a plan: joining books watch those only whose past nobody has read. */
const NO_CONTRACTS: ReadonlySet<Address> = new Set();
const WITHOUT_FACTORIES = {
  ...{ factories: [], contracts: [] },
  ...{ created: NO_CONTRACTS, unseen: NO_CONTRACTS },
};

/**
 * Plans what the config changes, and says what the live books follow: the new config, or with books that are
 * to join first, the one before.
 *
 * @param check refuses a plan
 */
async function planned(
  parts: AttemptParts,
  check: (plan: Plan) => void = () => undefined,
): Promise<OpenedFactories & { readonly plan: Plan }> {
  const { options, connections, clients } = parts;
  const { onPlan, saidPlan: said, onWarning: say, signal } = options;
  const { writer: db } = connections;
  const opened = await openCreated(parts);
  const unfit = { node: clients.node, by: refusedBy(options.chain), onWarning: say };
  const { chain, created } = await untilAborted(signal, plannedCreations(db, opened, unfit));
  const planning = planRun({ chain, created, db, node: clients.node, said, say });
  const plan = await untilAborted(signal, planning);
  check(plan);
  if (onPlan !== undefined) await untilAborted(signal, onPlan(plan, { chain, created }, db));
  if (joiningContracts(plan).length > 0) {
    const sales = await readSales(db, { chainId: chain.id });
    const pools = await readDepositPools(db, chain.id);
    return { ...opened, created, chain: bookedChain(chain, plan, { sales, pools }), plan };
  }
  const archived = plan.archived.map(({ kind, address }) => {
    return { kind, address: address as Address };
  });
  if (archived.length > 0) {
    await connections.exclusively((writer) => archiveContracts(writer, chain.id, archived));
  }
  return { ...opened, chain, created, plan };
}
