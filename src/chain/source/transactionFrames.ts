import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { hashesOf } from '../rpc/blocks/blockTraces.js';
import type { ConfirmedTrees } from '../rpc/blocks/confirmedTree.js';
import {
  faultOfCall,
  faultOfTrace,
  type RawCall,
  type RawTrace,
} from '../rpc/blocks/frameShapes.js';
import { withFrames } from '../rpc/blocks/listedTransactions.js';
import { verdictOnTree } from '../rpc/blocks/traceTree.js';
import type { PooledClient } from '../rpc/connection/pooledClient.js';
import { AnswerError } from '../rpc/endpoints/answerFault.js';

/** Some transactions of a block, by their hashes. */
export interface Selection {
  readonly block: Block;
  readonly hashes: readonly string[];
}

export interface FrameOptions {
  readonly client: PooledClient;
  readonly chainId: number;
  readonly trees: ConfirmedTrees;
  /** By `trace_transaction`; else by `debug_traceTransaction`. */
  readonly preferTraceApi: boolean;
  /** How long the node may trace a transaction. */
  readonly traceTimeoutSeconds: number;
}

/**
 * Reads the call frames of some transactions only, and checks that each tree is whole.
 *
 * @throws AnswerError if a tree is missing, torn or cannot be read
 */
export async function addFramesOf(
  selections: readonly Selection[],
  options: FrameOptions,
): Promise<void> {
  const { client, preferTraceApi, traceTimeoutSeconds } = options;
  const method = preferTraceApi ? 'trace_transaction' : 'debug_traceTransaction';
  const tracer = {
    tracer: 'callTracer',
    tracerConfig: { onlyTopCall: false, withLog: false },
    timeout: `${traceTimeoutSeconds}s`,
  };
  const calls = selections.flatMap(({ hashes }) =>
    hashes.map((hash) => ({ method, params: preferTraceApi ? [hash] : [hash, tracer] })),
  );
  const priority = Math.min(...selections.map(({ block }) => block.height));
  const answers: unknown[] = calls.length === 0 ? [] : await client.batchCall(calls, { priority });
  // If the frames are found wrong, another endpoint must give them.
  client.sent(
    method,
    selections.map(({ block }) => block.height),
  );
  let next = 0;
  for (const selection of selections) {
    const { hashes } = selection;
    const own = new Map(hashes.map((hash, index) => [hash, answers[next + index]]));
    next += hashes.length;
    if (preferTraceApi) await setTraces(selection, own, method, options);
    else await setCalls(selection, own, method, options);
  }
}

async function setTraces(
  { block }: Selection,
  answers: ReadonlyMap<string, unknown>,
  method: string,
  options: FrameOptions,
): Promise<void> {
  const replays: { transactionHash: string; trace: RawTrace[] }[] = [];
  const miscounted: string[] = [];
  for (const [transactionHash, answer] of answers) {
    const refuse = (what: string) => fault(options, method, { block, transactionHash }, what);
    if (!Array.isArray(answer) || answer.length === 0) {
      if (await isFrameless(options, block, transactionHash)) continue;
      throw refuse('there are no call frames');
    }
    const found = firstFaultOf(answer, block);
    if (found !== null) throw refuse(found);
    const trace = answer as RawTrace[];
    const verdict = verdictOnTree(trace);
    if (verdict === 'torn') throw refuse('call frames are missing');
    if (verdict === 'miscounted') miscounted.push(transactionHash);
    replays.push({ transactionHash, trace });
  }
  block.traceReplays = replays as unknown as NonNullable<Block['traceReplays']>;
  const [cut] = await options.trees.unconfirmed(block, miscounted);
  if (cut !== undefined) {
    throw fault(options, method, { block, transactionHash: cut }, 'call frames are missing');
  }
}

function firstFaultOf(frames: readonly unknown[], { hash }: Selection['block']): string | null {
  for (const frame of frames) {
    const found = faultOfTrace(frame);
    if (found !== null) return found;
  }
  const isOfAnother = (frame: RawTrace) => (frame.blockHash ?? hash) !== hash;
  return (frames as readonly RawTrace[]).some(isOfAnother) ? 'a frame is of another block' : null;
}

async function setCalls(
  { block }: Selection,
  answers: ReadonlyMap<string, unknown>,
  method: string,
  options: FrameOptions,
): Promise<void> {
  const frames: ({ result: RawCall } | null)[] = [];
  for (const transactionHash of hashesOf(block)) {
    const answer = answers.get(transactionHash);
    if (answer === undefined || answer === null) {
      const isWanted = answers.has(transactionHash);
      if (isWanted && !(await isFrameless(options, block, transactionHash))) {
        throw fault(options, method, { block, transactionHash }, 'there are no call frames');
      }
      frames.push(null);
      continue;
    }
    const found = faultOfCall(answer);
    if (found !== null) throw fault(options, method, { block, transactionHash }, found);
    frames.push({ result: answer as RawCall });
  }
  block.debugFrames = frames as unknown as NonNullable<Block['debugFrames']>;
}

async function isFrameless(
  { client, chainId }: FrameOptions,
  block: Block,
  hash: string,
): Promise<boolean> {
  return (await withFrames(client, chainId, block, [hash])).length === 0;
}

function fault(
  { client }: FrameOptions,
  method: string,
  of: { readonly block: Block; readonly transactionHash: string },
  what: string,
): AnswerError {
  client.distrust(method);
  return new AnswerError({ method, endpoint: client.endpointOf(method), ...of }, what);
}
