import { redactText } from '../../../config/redact.js';
import type { RpcAnswer } from '../../rpc/connection/answers.js';
import type { PooledClient } from '../../rpc/connection/pooledClient.js';
import type { Endpoint } from '../../rpc/endpoints/endpoint.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';

/** What an endpoint serves of what reading by ranges takes. */
export interface Ability {
  /** Without what may be a secret. */
  readonly endpoint: string;
  /** `trace_filter`, and fast enough that the node must have an index. */
  readonly traceFilter: 'indexed' | 'slow' | 'missing';
  readonly blockReceipts: boolean;
  /** Of old blocks: proofs of accounts, balances alone, or nothing. */
  readonly oldState: 'proofs' | 'balances' | 'missing';
  /** Blocks that it answers at once for `eth_getLogs`; `null`: as many as were tried. */
  readonly logBlocks: number | null;
  /** Why nothing is known of it. */
  readonly problem: string | null;
}

export interface ProbeOptions {
  /** What is to be read. */
  readonly range: BlockRange;
  /** A contract that is wanted, lower case. */
  readonly address: string;
  readonly timeoutMs: number;
  /** Milliseconds since whenever. */
  readonly now?: () => number;
}

/** Blocks that `trace_filter` is tried on: those of the end, which are the fullest. */
const TRIED_BLOCKS = 1_000;
/** A node that has no index runs all transactions again, which takes many times as long. */
const INDEXED_WITHIN_MS = 3_000;
/** Blocks that `eth_getLogs` is tried on. */
const TRIED_LOG_BLOCKS = 100;
/** The range is what is tried: no contract writes such a log, and the answer is short. */
const NO_EVENT = `0x${'0'.repeat(64)}`;
const ADDRESS_PROOF: readonly string[] = [];
/** Far from the ids of other questions. */
let nextId = 2 ** 41;

/** Asks every endpoint what it can do. One that does not pay is not asked for `trace_filter` again. */
export async function probe(client: PooledClient, options: ProbeOptions): Promise<Ability[]> {
  return Promise.all(client.endpoints.map((endpoint) => probeOne(endpoint, options)));
}

async function probeOne(endpoint: Endpoint, options: ProbeOptions): Promise<Ability> {
  const { range, address, timeoutMs } = options;
  const ask = async (method: string, params: unknown[]): Promise<RpcAnswer> => {
    const [answer = {}] = await endpoint.send(
      [{ id: nextId++, jsonrpc: '2.0', method, params }],
      timeoutMs,
    );
    return answer;
  };
  try {
    const old = hex(range.from);
    const logs = { address: [address], topics: [NO_EVENT], ...lastBlocks(range, TRIED_LOG_BLOCKS) };
    // All at once: of a far node, each round of questions costs its way.
    const [receipts, proof, balance, traceFilter] = await Promise.all([
      ask('eth_getBlockReceipts', [hex(range.to)]),
      ask('eth_getProof', [address, ADDRESS_PROOF, old]),
      ask('eth_getBalance', [address, old]),
      tryTraceFilter(ask, options),
      ask('eth_getLogs', [logs]).catch(() => null),
    ]);
    if (traceFilter !== 'indexed') endpoint.lacks.add('trace_filter');
    return {
      endpoint: endpoint.displayUrl,
      traceFilter,
      blockReceipts: Array.isArray(receipts.result),
      oldState: isObject(proof.result) ? 'proofs' : isText(balance.result) ? 'balances' : 'missing',
      logBlocks: endpoint.blocksAtOnce('eth_getLogs'),
      problem: null,
    };
  } catch (error) {
    return {
      endpoint: endpoint.displayUrl,
      traceFilter: 'missing',
      blockReceipts: false,
      oldState: 'missing',
      logBlocks: null,
      problem: redactText(error instanceof Error ? error.message : String(error)),
    };
  }
}

async function tryTraceFilter(
  ask: (method: string, params: unknown[]) => Promise<RpcAnswer>,
  { range, address, now = () => performance.now() }: ProbeOptions,
): Promise<Ability['traceFilter']> {
  const tried = (blocks: number) => ({ toAddress: [address], ...lastBlocks(range, blocks) });
  const startedAt = now();
  const timed = async () => {
    const many = await ask('trace_filter', [tried(TRIED_BLOCKS)]).catch(() => null);
    return { many, isFast: now() - startedAt < INDEXED_WITHIN_MS };
  };
  const [one, { many, isFast }] = await Promise.all([ask('trace_filter', [tried(1)]), timed()]);
  if (!Array.isArray(one.result)) return 'missing';
  return Array.isArray(many?.result) && isFast ? 'indexed' : 'slow';
}

/** One line for people. */
export function describeAbility({
  endpoint,
  traceFilter,
  blockReceipts,
  oldState,
  logBlocks,
  problem,
}: Ability): string {
  if (problem !== null) return `${endpoint}: ${problem}`;
  const parts = [
    `traces by filter: ${{ indexed: 'yes', slow: 'too slow', missing: 'no' }[traceFilter]}`,
    `state of old blocks: ${{ proofs: 'yes', balances: 'balances only', missing: 'no' }[oldState]}`,
    `receipts by block: ${blockReceipts ? 'yes' : 'no'}`,
    `logs of ${logBlocks ?? `${TRIED_LOG_BLOCKS} or more`} blocks at once`,
  ];
  return `${endpoint}: ${parts.join(', ')}`;
}

/** The last blocks of a range, as a filter has them. */
function lastBlocks({ from, to }: BlockRange, blocks: number) {
  return { fromBlock: hex(Math.max(from, to - blocks + 1)), toBlock: hex(to) };
}

function hex(block: number): string {
  return `0x${block.toString(16)}`;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const isText = (value: unknown) => typeof value === 'string';
