import { checkEndpoint } from '../../chain/sourceCheck.js';
import { chainIdOf } from '../../store/booksKey.js';
import { readContractNumbers } from '../../store/registry/contractNumbers.js';
import { reserveRevenueAsset } from '../../store/registry/revenueAssets.js';
import { type ChainCursor, readCursor } from '../../store/write/cursor.js';
import { untilAborted } from '../../untilAborted.js';
import type { Desk } from '../desks/desk.js';
import type { FrameWay } from '../holding/frameWays.js';
import { openDesks } from '../openDesks.js';
import { ForkWatch } from '../reorgs/forkWatch.js';
import { assertOnChain, sameChain } from '../reorgs/sameChain.js';
import type { AttemptOptions } from './attemptOptions.js';
import type { OpenConnections } from './connections.js';
import type { Keepers } from './keepers.js';
import type { NodeClients } from './nodeClients.js';

/** What one attempt works with. */
export interface AttemptParts {
  /** Its signal is also that of the end of the attempt. */
  readonly options: AttemptOptions;
  /** Of the database. */
  readonly url: string;
  readonly connections: OpenConnections;
  readonly clients: NodeClients;
  readonly keepers: Keepers;
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
  totals.isProven ||= (await readCursor(connections.writer, chain.id)) !== null;
  const support = await untilAborted(
    signal,
    checkEndpoint(node, { ...chain, id: chainIdOf(chain.id) }),
  );
  const way = await untilAborted(signal, options.ways.choose(node, support));
  clients.reading.framesByTransaction = way.byTransaction;
  // Nothing is read of the contracts before it is known that the books are of this chain.
  const watch = new ForkWatch(connections.reader, node, chain.id);
  const same = sameChain({
    db: connections.writer,
    watch,
    node,
    client: clients.reading,
    support,
    chainId: chain.id,
    contractNumbers: await readContractNumbers(connections.writer, chain.id),
    pollMs: chain.headPollIntervalSeconds * 1000,
    onWarning: options.onWarning,
    signal,
  });
  await untilAborted(signal, same);
  const desks = await openAllDesks(parts);
  const cursor = await readCursor(connections.writer, chain.id);
  if (toBlock !== null && cursor !== null && cursor.head.height >= toBlock) {
    await assertOnChain(watch, node, toBlock);
    return null;
  }
  const startBlock = Math.min(...desks.map((desk) => desk.startBlock));
  return { watch, way, desks, cursor, startBlock };
}

async function openAllDesks({ options, connections, clients }: AttemptParts): Promise<Desk[]> {
  const { chain, onWarning, learned, signal } = options;
  const opening = openDesks(connections.writer, clients.node, {
    chain,
    reserveAsset: (asset) => connections.apart((apart) => reserveRevenueAsset(apart, asset)),
    onWarning,
    learned,
  });
  const write = await untilAborted(signal, opening);
  return untilAborted(signal, connections.exclusively(write));
}
