import { ImoError } from '../../../errors.js';
import type { ChainNode } from '../../node.js';
import type { SourceBlock } from '../source.js';
import {
  callTreeParams,
  recordFromCallTree,
  transactionTreeParams,
  treeOfTransaction,
} from './callTree.js';
import type { Frame, TransactionRecord } from './frames.js';

/** Questions for trees under way at once; the node answers those of the booking meanwhile. */
const AT_ONCE = 6;
/** Trees under way, or waiting to be used: each may be large. */
const WAITING = 256;
/** Of so many transactions of a block, one question for the block costs less. */
const SINGLE_AT_MOST = 16;

/** A tree that was asked for before its block is booked. */
interface Foreseen {
  /** `undefined`: the node did not give it. */
  readonly answer: Promise<unknown>;
  /** It is that of the block, with those of its other transactions. */
  readonly isOfBlock: boolean;
}

/** By block and transaction hash. */
const foreseen = new WeakMap<SourceBlock, ReadonlyMap<string, Foreseen>>();

/**
 * Asks for the call trees that the booking of final blocks will need, as soon as the blocks are read. A tree
 * that does not come, or does not fit, costs nothing but the question: the booking asks then as if
 * nothing had been asked before, with all its repetitions and errors.
 */
export class TreesAhead {
  private readonly blocks = new Map<SourceBlock, number>();
  private readonly line: (() => Promise<void>)[] = [];
  private waiting = 0;
  private running = 0;
  /** The endpoints do not serve trees of single transactions. */
  private isWithoutSingle = false;

  /** Takes of the questions that nobody has answered. */
  private readonly unanswered = new Set<(tree: unknown) => void>();

  constructor(
    private readonly node: Pick<ChainNode, 'traceBlock' | 'traceTransaction'>,
    private readonly signal: AbortSignal,
  ) {
    const stop = () => {
      for (const answer of this.unanswered) answer(undefined);
    };
    signal.addEventListener('abort', stop, { once: true });
  }

  /** @param unplaced the transactions whose order only a tree shows */
  foresee(block: SourceBlock, unplaced: readonly TransactionRecord[]): void {
    const hashes = new Set(unplaced.map(({ transactionHash }) => transactionHash));
    if (hashes.size === 0 || this.waiting + hashes.size > WAITING || foreseen.has(block)) return;
    const isOfBlock = hashes.size > SINGLE_AT_MOST;
    if (!isOfBlock && this.isWithoutSingle) return;
    const ofBlock = isOfBlock
      ? this.later(() => this.node.traceBlock(callTreeParams(block.header.hash)))
      : null;
    const trees = new Map<string, Foreseen>();
    for (const hash of hashes) {
      const answer = ofBlock ?? this.later(() => this.single(hash));
      trees.set(hash, { answer, isOfBlock });
    }
    foreseen.set(block, trees);
    this.blocks.set(block, hashes.size);
    this.waiting += hashes.size;
  }

  /** These blocks are booked, or will not be. */
  release(blocks: Iterable<SourceBlock>): void {
    for (const block of blocks) {
      this.waiting -= this.blocks.get(block) ?? 0;
      this.blocks.delete(block);
      foreseen.delete(block);
    }
  }

  private async single(hash: string): Promise<unknown> {
    try {
      return await this.node.traceTransaction(transactionTreeParams(hash));
    } catch (error) {
      const code = error instanceof ImoError ? error.code : '';
      if (code === 'RPC_METHOD_MISSING' || code === 'RPC_PLAN_EXCLUDES')
        this.isWithoutSingle = true;
      throw error;
    }
  }

  /** Asks when its turn comes. After the stop, nobody waits for an answer. */
  private later(ask: () => Promise<unknown>): Promise<unknown> {
    return new Promise((resolve) => {
      const answer = (tree: unknown) => {
        this.unanswered.delete(answer);
        resolve(tree);
      };
      this.unanswered.add(answer);
      this.line.push(async () => {
        if (this.signal.aborted) return answer(undefined);
        await ask().then(answer, () => answer(undefined));
      });
      this.next();
    });
  }

  private next(): void {
    if (this.running >= AT_ONCE) return;
    const work = this.line.shift();
    if (work === undefined) return;
    this.running++;
    void work().finally(() => {
      this.running--;
      this.next();
    });
  }
}

/**
 * The record of a transaction by the tree that was asked for ahead.
 *
 * @returns `null` where there is none that fits what was read with the block
 */
export async function foreseenRecord(
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord | null> {
  const known = foreseen.get(block)?.get(record.transactionHash);
  const answer = await known?.answer;
  if (known === undefined || answer === undefined) return null;
  try {
    const root = known.isOfBlock ? treeOfTransaction(answer, record) : answer;
    const placed = recordFromCallTree(root, record);
    return hasFrames(placed, record) ? placed : null;
  } catch (error) {
    if (error instanceof ImoError && error.code === 'CHAIN_TREE_DIFFERS') return null;
    throw error;
  }
}

/**
 * Whether the frames that were read with the block are those of the tree: a node that follows another
 * fork knows the same transaction with another outcome.
 */
function hasFrames(placed: TransactionRecord, read: TransactionRecord): boolean {
  const wanted = new Set(read.frames.map(textOf));
  const found = placed.frames.map(textOf).filter((text) => wanted.has(text));
  return (
    found.length === read.frames.length &&
    read.frames.every((frame, index) => textOf(frame) === found[index])
  );
}

function textOf({ kind, isCall, from, to, valueWei, input, reverted }: Frame): string {
  return [kind, isCall, from, to, valueWei, input, reverted].join(' ');
}
