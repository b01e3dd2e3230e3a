import { setTimeout as delay } from 'node:timers/promises';
import type { FaultyRpc, RpcAnswer, RpcCall } from '../faults/rpcFaults.js';

/** In which ways the endpoints of a chain fail for a while. */
export const NODE_FAILURES = [
  'answers wrongly',
  'refuses',
  'is slow',
  'is down',
  'loses old state',
] as const;
export type NodeFailure = (typeof NODE_FAILURES)[number];

/** Of 1000 requests, how many are answered wrongly. */
const WRONG_PER_MILLE = 200;
const SLOW_MS = 150;
/** State of so many blocks below the head is there. */
const STATE_OF_BLOCKS = 6;
/** A failure lasts so long, and until so many requests have met it. */
const FAILS_FOR_MS = 700;
const REQUESTS_AT_LEAST = 8;
const FAILS_AT_MOST_MS = 10_000;
/** A process that follows the head asks for no old state. */
const WITHOUT_OLD_STATE_MS = 2_000;

const OF_STATE = /^eth_(call|getBalance|getCode|getStorageAt|getProof|simulateV1)$|^trace_replay/;

/**
 * Has all endpoints fail in one way for a while.
 *
 * @param head of the chain when they begin to fail
 * @returns how many requests met the failure
 */
export async function failFor(rpc: FaultyRpc, failure: NodeFailure, head: number): Promise<number> {
  const before = rpc.total;
  const startedAt = Date.now();
  begin(rpc, failure, head);
  try {
    const met = () => rpc.total - before;
    const isOver = () => Date.now() - startedAt >= FAILS_FOR_MS && met() >= REQUESTS_AT_LEAST;
    const atMostMs = failure === 'loses old state' ? WITHOUT_OLD_STATE_MS : FAILS_AT_MOST_MS;
    while (!isOver() && Date.now() - startedAt < atMostMs) await delay(50);
    return met();
  } finally {
    rpc.perMille = 0;
    rpc.failing = null;
  }
}

function begin(rpc: FaultyRpc, failure: NodeFailure, head: number): void {
  switch (failure) {
    case 'answers wrongly':
      rpc.perMille = WRONG_PER_MILLE;
      return;
    case 'refuses':
      rpc.failing = { before: () => Promise.resolve({ status: 429, body: 'too many requests' }) };
      return;
    case 'is slow':
      rpc.failing = { before: () => delay(SLOW_MS, 'answers' as const) };
      return;
    case 'is down':
      rpc.failing = { before: () => Promise.resolve('reset' as const) };
      return;
    case 'loses old state':
      rpc.failing = { answer: (call, answer) => withoutOldState(call, answer, head) };
  }
}

/** `null`: the answer stays. */
function withoutOldState(
  { method, params = [] }: RpcCall,
  { id }: RpcAnswer,
  head: number,
): object | null {
  if (!OF_STATE.test(method)) return null;
  const block = params.findLast((one) => typeof one === 'string' && /^0x[0-9a-f]{1,8}$/i.test(one));
  if (block === undefined || Number(block) > head - STATE_OF_BLOCKS) return null;
  return { jsonrpc: '2.0', id, error: { code: -32000, message: 'missing trie node 00 (path )' } };
}
