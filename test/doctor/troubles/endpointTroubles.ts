import { z } from 'zod';
import { without } from '../../support/nodes/frameDialects.js';
import type { Dialect } from '../../support/nodes/oddNode.js';
import { limitsRanges } from '../../support/nodes/rangeDialects.js';
import { oddNode } from '../../support/nodes/testNode.js';
import type { Changes, SetUp, Trouble } from '../scene.js';

const block = z.looseObject({ number: z.string(), timestamp: z.string() });
const hex = (number: number) => `0x${number.toString(16)}`;

/** The newest block is so many seconds later than it is. */
function shiftsTime(seconds: number): Dialect {
  return async (call, ask) => {
    const reply = await ask(call);
    if (call.method !== 'eth_getBlockByNumber' || call.params[0] !== 'latest') return reply;
    const head = block.parse(reply.result);
    return { result: { ...head, timestamp: hex(Number(head.timestamp) + seconds) } };
  };
}

/** The newest block is one of some blocks ago. */
function isBehind(blocks: number): Dialect {
  return async (call, ask) => {
    if (call.method !== 'eth_getBlockByNumber' || call.params[0] !== 'latest') return ask(call);
    const { number } = block.parse((await ask(call)).result);
    return ask({ ...call, params: [hex(Number(number) - blocks), false] });
  };
}

const isOfMainnet: Dialect = async (call, ask) =>
  call.method === 'eth_chainId' ? { result: '0x1' } : ask(call);

const refusesKey: Dialect = async () => ({ status: 401 });

const failsAtProofs: Dialect = async (call, ask) =>
  call.method === 'eth_getProof' ? { status: 429 } : ask(call);

/** It answers so many calls of a method. */
function refusesAfter(most: number, method: string): Dialect {
  let calls = 0;
  return async (call, ask) => {
    if (call.method === method) calls += 1;
    if (call.method !== method || calls <= most) return ask(call);
    return { error: { code: -32600, message: `a batch has at most ${most} calls` } };
  };
}

const isTooMuch = (max: number) => ({
  error: { code: -32005, message: `block range exceeds the limit of ${max} blocks` },
});

/** The only endpoint of the chain, with dialects. */
function only(...dialects: Dialect[]): Trouble['arrange'] {
  return async ({ chain }: SetUp): Promise<Changes> => {
    const { url } = await oddNode(chain.url, ...dialects);
    return { rpc: [url] };
  };
}

export const ENDPOINT_TROUBLES: readonly Trouble[] = [
  {
    name: 'a node without traces',
    code: 'NODE_NO_TRACES',
    arrange: only(without('trace_block', 'debug_traceBlockByHash', 'trace_filter')),
  },
  {
    name: 'a node without trace_filter',
    code: 'NODE_NO_TRACE_FILTER',
    arrange: only(without('trace_filter')),
  },
  {
    name: 'a node without old states',
    code: 'NODE_NO_OLD_STATE',
    arrange: only(without('eth_getProof', 'eth_getBalance')),
  },
  {
    name: 'a node without proofs of old states',
    code: 'NODE_NO_PROOFS',
    arrange: only(without('eth_getProof')),
  },
  {
    name: 'a node without receipts of whole blocks',
    code: 'NODE_NO_BLOCK_RECEIPTS',
    arrange: only(without('eth_getBlockReceipts')),
  },
  {
    name: 'a node that answers for ten blocks at once',
    code: 'NODE_LOG_LIMIT',
    arrange: only(limitsRanges(10, isTooMuch)),
  },
  {
    name: 'a node that refuses large batches',
    code: 'NODE_BATCH_LIMIT',
    arrange: only(refusesAfter(50, 'eth_chainId')),
  },
  {
    name: 'a node that fails at several questions',
    code: 'NODE_UNSTEADY',
    arrange: only(failsAtProofs),
  },
  {
    name: 'a second node that lags',
    code: 'NODE_LAGS',
    async arrange({ chain }) {
      const lagging = await oddNode(chain.url, isBehind(20));
      return { rpc: [chain.url, lagging.url] };
    },
  },
  {
    name: 'a node with a clock that is ahead',
    code: 'NODE_CLOCK_AHEAD',
    arrange: only(shiftsTime(3_600)),
  },
  {
    name: 'a node whose newest block is old',
    code: 'NODE_HEAD_OLD',
    arrange: only(shiftsTime(-3_600)),
  },
  {
    name: 'a node of another chain',
    code: 'NODE_WRONG_CHAIN',
    arrange: only(isOfMainnet),
  },
  {
    name: 'a node that refuses the key',
    code: 'NODE_REFUSES',
    arrange: only(refusesKey),
  },
  {
    name: 'a second node that does not answer',
    code: 'NODE_UNREACHABLE',
    arrange: async ({ chain }) => ({ rpc: [chain.url, 'http://127.0.0.1:1'] }),
  },
  {
    name: 'a Portal that does not answer',
    code: 'SERVICE_UNREACHABLE',
    arrange: async () => ({ more: '    portal: http://127.0.0.1:1/datasets/devnet' }),
  },
];
