import { setTimeout as delay } from 'node:timers/promises';
import { ImoError } from '../../../errors.js';
import type { ChainNode } from '../../node.js';
import type { SourceBlock } from '../source.js';
import {
  callTreeParams,
  recordFromCallTree,
  transactionTreeParams,
  treeOfTransaction,
} from './callTree.js';
import type { TransactionRecord } from './frames.js';
import { foreseenRecord } from './treesAhead.js';

/** Pauses before another request for an incomplete tree, in milliseconds. */
const PAUSES_MS = [0, 100, 250, 500, 1_000];

/** Trees are large: each is kept for as long as its block is being booked. */
const trees = new WeakMap<SourceBlock, Promise<unknown>>();

/** What turns a node to its other endpoints. */
interface Turning {
  /** The newest of it. */
  running: Promise<unknown>;
  /** How often any of it began or ended: odd while something runs. */
  changes: number;
}

const turnings = new WeakMap<ChainNode, Turning>();

/**
 * The record of one transaction with its logs in their places among the frames, by the tree that was asked
 * for ahead, or else by the call tree of its block. All callers share one tree. If the tree lacks the transaction or one of its logs, it
 * is fetched again, from another endpoint first. A transaction that the block does not list has no
 * frames and no tree: all of its logs come first.
 *
 * @throws ImoError `CHAIN_TREE_DIFFERS` if the nodes keep contradicting themselves, and the errors
 *   of `ChainNode`
 */
export async function placedRecord(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord> {
  return (await foreseenRecord(block, record)) ?? placedByBlock(node, block, record);
}

async function placedByBlock(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord> {
  try {
    return await fromTreeOf(node, block, record);
  } catch (error) {
    if (!isTreeDiffering(error)) throw error;
    return turning(node, () => placedAgain(node, block, record));
  }
}

async function placedAgain(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord> {
  let isListed = record.frames.length > 0;
  for (const pause of PAUSES_MS) {
    const tree = callTreeOf(node, block);
    try {
      return recordFromCallTree(treeOfTransaction(await tree, record), record);
    } catch (error) {
      if (!isTreeDiffering(error)) throw error;
      if (!isListed) {
        const hashes = await node.transactionHashes(block.header.hash);
        isListed = hashes.includes(record.transactionHash);
        if (!isListed) return withoutFrames(record);
      }
      forget(block, tree);
      const method = 'debug_traceBlockByHash';
      // Asking again helps where a log was lost, and not where `withLog` is ignored.
      const isWithoutLogs = /is not in its call tree/.test(error.message);
      if (isWithoutLogs && node.ignoresWithLog(method))
        throw ignoring(error, node.endpointOf(method));
      node.distrust(method);
      await delay(pause);
    }
  }
  return fromTreeOf(node, block, record);
}

async function fromTreeOf(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
): Promise<TransactionRecord> {
  return recordFromCallTree(treeOfTransaction(await callTreeOf(node, block), record), record);
}

function turningOf(node: ChainNode): Turning {
  const turning = turnings.get(node) ?? { running: Promise.resolve(), changes: 0 };
  turnings.set(node, turning);
  return turning;
}

/**
 * Runs work that turns a node to its other endpoints, after all such work that was asked for before:
 * many blocks are read at once, and each would turn the endpoint away from another.
 */
function turning<T>(node: ChainNode, work: () => Promise<T>): Promise<T> {
  const state = turningOf(node);
  const running = state.running.then(async () => {
    state.changes++;
    try {
      return await work();
    } finally {
      state.changes++;
    }
  });
  state.running = running.catch(() => undefined);
  return running;
}

/** A record by the best call tree that there is, and what was asked for it. */
export interface BestRecord {
  readonly record: TransactionRecord;
  /** For messages; empty if the record was enough as it came. */
  readonly asked: readonly string[];
}

/**
 * The record of one transaction by a call tree that is enough. The tree of its block may leave
 * positions of logs out, or be unavailable. Then it asks every other endpoint for that tree, and
 * each for the tree of the transaction alone, at most once each.
 *
 * @returns the last record, if none is enough
 * @throws ImoError `RPC_UNREACHABLE`; other refusals of a method are part of what was asked
 */
export async function bestRecord(
  node: ChainNode,
  block: SourceBlock,
  record: TransactionRecord,
  isEnough: (record: TransactionRecord) => boolean,
): Promise<BestRecord> {
  const ahead = await foreseenRecord(block, record);
  if (ahead !== null && isEnough(ahead)) return { record: ahead, asked: [] };
  const asked: string[] = [];
  let best = record;
  const read = async (method: string, ask: () => Promise<TransactionRecord>) => {
    try {
      best = await ask();
      asked.push(`${method}: it leaves the place of a log open`);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      asked.push(`${method}: ${error.message}`);
    }
    return isEnough(best);
  };
  const method = 'debug_traceBlockByHash';
  const { changes } = turningOf(node);
  if (await read(method, () => placedByBlock(node, block, record))) return { record: best, asked };
  await turning(node, async () => {
    // Where other blocks turned the node meanwhile, nobody knows which endpoint was heard.
    const isKnown =
      node.endpointCount === 1 || (changes % 2 === 0 && turningOf(node).changes === changes + 1);
    for (let other = isKnown ? 1 : 0; other < node.endpointCount; other++) {
      node.distrust(method);
      trees.delete(block);
      if (await read(method, () => placedAgain(node, block, record))) return;
    }
    const single = 'debug_traceTransaction';
    for (let endpoint = 0; endpoint < node.endpointCount; endpoint++) {
      if (endpoint > 0) node.distrust(single);
      const ask = async () => {
        const params = transactionTreeParams(record.transactionHash);
        return recordFromCallTree(await node.traceTransaction(params), record);
      };
      if (await read(single, ask)) return;
    }
  });
  return { record: best, asked };
}

/** It has neither frames nor a tree, so nothing is between its logs. */
function withoutFrames(record: TransactionRecord): TransactionRecord {
  const framesBeforeLog = record.logs.map(() => ({ earliest: 0, latest: 0 }));
  return { ...record, framesBeforeLog, frameOfLog: new Map() };
}

function callTreeOf(node: ChainNode, block: SourceBlock): Promise<unknown> {
  const known = trees.get(block);
  if (known !== undefined) return known;
  const tree = node.traceBlock(callTreeParams(block.header.hash));
  trees.set(block, tree);
  tree.catch(() => forget(block, tree));
  return tree;
}

/** Unless somebody else has asked for it again already. */
function forget(block: SourceBlock, tree: Promise<unknown>): void {
  if (trees.get(block) === tree) trees.delete(block);
}

function isTreeDiffering(error: unknown): error is ImoError {
  return error instanceof ImoError && error.code === 'CHAIN_TREE_DIFFERS';
}

function ignoring(error: ImoError, endpoint: string): ImoError {
  return new ImoError(
    error.code,
    `${error.message}; ${endpoint} ignores \`withLog\`: none of its call trees has had a log so far`,
    error.hint,
    { cause: error },
  );
}

/** The endpoint does not serve the method, or contradicts itself: another question may help. */
function isRefusal(error: unknown): error is ImoError {
  const codes = ['CHAIN_TREE_DIFFERS', 'RPC_METHOD_MISSING', 'RPC_REFUSED', 'RPC_BAD_ANSWER'];
  return error instanceof ImoError && codes.includes(error.code);
}
