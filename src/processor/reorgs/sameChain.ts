import { setTimeout as delay } from 'node:timers/promises';
import type { ChainNode } from '../../chain/node.js';
import { ImoError } from '../../errors.js';
import { type DeepReorgOptions, recoverDeepReorg } from './deepReorg.js';
import { SIGHTINGS_OF_A_FORK } from './followHead.js';
import type { ForkWatch } from './forkWatch.js';

export interface SameChainOptions extends DeepReorgOptions {
  readonly watch: Pick<ForkWatch, 'look'>;
  readonly pollMs: number;
  /** Takes back what is indexed above a block, none of it final. */
  readonly takeBack: (height: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** How long a node may be behind before the first warning. */
const SILENT_MS = 5_000;

/**
 * Makes sure, before anything is indexed, that our finalised block is on the chain: waits for
 * a node that is behind, and takes back what a reorg has replaced meanwhile. What is opened then needs no block of
 * a fork that is gone.
 *
 * @throws what `recoverDeepReorg` throws
 */
export async function sameChain(options: SameChainOptions): Promise<void> {
  const { watch, node, pollMs, signal } = options;
  const wait = new WaitForNode(options);
  let sightings = 0;
  // The start has asked for it; who waits wants a newer one.
  let head = await node.recentHead();
  for (; !signal.aborted; head = await node.headNumber()) {
    const view = await watch.look(head);
    if (view.kind === 'ours' && head >= view.finalizedHeight) return;
    if (view.kind === 'fork') sightings++;
    else
      wait.tell(
        view.kind === 'unclear' ? view.reason : `its head is block ${head}, we are further`,
      );
    if (view.kind === 'ours') sightings = 0;
    if (view.kind === 'fork' && view.base !== null) {
      // The new blocks are read as soon as there is one that we do not have.
      if (view.head.height > view.tip.height) return;
      if (sightings >= SIGHTINGS_OF_A_FORK) return options.takeBack(view.base.height);
    } else if (sightings >= SIGHTINGS_OF_A_FORK) return recoverDeepReorg(options);
    await delay(pollMs, undefined, { signal });
  }
}

/** Warns once of a node that is behind for long. */
class WaitForNode {
  private readonly startedAt = Date.now();
  private isTold = false;

  constructor(private readonly options: Pick<SameChainOptions, 'node' | 'onWarning'>) {}

  tell(reason: string): void {
    if (this.isTold || Date.now() - this.startedAt < SILENT_MS) return;
    this.isTold = true;
    const { node, onWarning } = this.options;
    onWarning(`${node.displayUrl} is behind: ${reason}. Waiting for it to catch up`);
  }
}

/**
 * Makes sure that the books up to a block are those of the node's chain, where nothing is left to
 * index.
 *
 * @throws ImoError `CHAIN_REPLACED` if the chain forked below the block, `RPC_BLOCK_MISSING` if the
 *   node cannot say, which is asked again.
 */
export async function assertOnChain(
  watch: Pick<ForkWatch, 'look'>,
  node: ChainNode,
  toBlock: number,
): Promise<void> {
  const head = await node.headNumber();
  const view = await watch.look(head);
  if (view.kind === 'ours' && head >= toBlock) return;
  if (view.kind === 'fork') {
    if (view.base !== null && view.base.height >= toBlock) return;
    throw new ImoError(
      'CHAIN_REPLACED',
      `block ${toBlock} is indexed, and the chain forked after block ${view.base?.height ?? 'none'}`,
      'Run `index` without `--to-block` until it has followed the fork, then try again.',
    );
  }
  throw new ImoError(
    'RPC_BLOCK_MISSING',
    `${node.displayUrl} cannot say whether block ${toBlock} is on its chain (head: ${head})`,
    'Nothing was changed. The node is behind, or a load balancer mixes several nodes. The indexer asks again.',
  );
}
