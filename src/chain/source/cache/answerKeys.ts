import { createHash } from 'node:crypto';
import type { RpcCall } from '../../rpc/connection/answers.js';

/** A question whose answer never changes once its block is final. */
export interface AnswerKey {
  readonly key: string;
  /** The contract that it is about, or `blocks`. */
  readonly subject: string;
  readonly block: number;
}

/** What is known of hashes: at which height their blocks are. */
export interface KnownHeights {
  ofBlock(hash: string): number | undefined;
  ofTransaction(hash: string): number | undefined;
}

/** Where the block is among the parameters, and where the contract. */
interface Shape {
  readonly block: number;
  readonly subject?: number;
}

const BY_STATE: Readonly<Record<string, Shape>> = {
  eth_getBalance: { block: 1, subject: 0 },
  eth_getCode: { block: 1, subject: 0 },
  eth_getTransactionCount: { block: 1, subject: 0 },
  eth_getStorageAt: { block: 2, subject: 0 },
  eth_getProof: { block: 2, subject: 0 },
  eth_call: { block: 1, subject: 0 },
  eth_simulateV1: { block: 1 },
  eth_getBlockByNumber: { block: 0 },
  eth_getBlockByHash: { block: 0 },
  eth_getBlockReceipts: { block: 0 },
  trace_block: { block: 0 },
  debug_traceBlockByHash: { block: 0 },
  debug_traceBlockByNumber: { block: 0 },
};
const BY_TRANSACTION = new Set([
  'eth_getTransactionByHash',
  'eth_getTransactionReceipt',
  'trace_transaction',
  'trace_replayTransaction',
  'debug_traceTransaction',
]);
const NUMBER = /^0x[0-9a-fA-F]{1,13}$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;

/** @returns `null` where an answer may change, or where nobody knows to which block it belongs. */
export function answerKey(
  { method, params = [] }: RpcCall,
  heights: KnownHeights,
): AnswerKey | null {
  const shape = BY_STATE[method];
  const block =
    shape !== undefined
      ? heightOf(params[shape.block], heights)
      : BY_TRANSACTION.has(method)
        ? ofHash(params[0], heights.ofTransaction)
        : method === 'eth_getLogs'
          ? endOfLogs(params[0])
          : undefined;
  if (block === undefined) return null;
  const subject = shape?.subject === undefined ? undefined : addressIn(params[shape.subject]);
  const text = `${method} ${JSON.stringify(params)}`;
  const key = createHash('sha256').update(text).digest('base64url').slice(0, 22);
  return { key, subject: subject ?? 'blocks', block };
}

function heightOf(tag: unknown, heights: KnownHeights): number | undefined {
  if (typeof tag === 'string' && NUMBER.test(tag)) return Number(tag);
  if (typeof tag === 'string') return ofHash(tag, heights.ofBlock);
  if (typeof tag !== 'object' || tag === null) return undefined;
  if ('blockHash' in tag) return ofHash(tag.blockHash, heights.ofBlock);
  return 'blockNumber' in tag ? heightOf(tag.blockNumber, heights) : undefined;
}

function ofHash(hash: unknown, find: (hash: string) => number | undefined): number | undefined {
  return typeof hash === 'string' && HASH.test(hash) ? find(hash.toLowerCase()) : undefined;
}

/** Logs of one contract, or of one block; what finders ask is kept by what it found. */
function endOfLogs(filter: unknown): number | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  const { address, fromBlock, toBlock } = { address: null, fromBlock: '', toBlock: '', ...filter };
  if (!isNumber(fromBlock) || !isNumber(toBlock)) return undefined;
  return typeof address === 'string' || fromBlock === toBlock ? Number(toBlock) : undefined;
}

function isNumber(tag: unknown): tag is string {
  return typeof tag === 'string' && NUMBER.test(tag);
}

function addressIn(value: unknown): string | undefined {
  const address = typeof value === 'object' && value !== null && 'to' in value ? value.to : value;
  return typeof address === 'string' && /^0x[0-9a-fA-F]{40}$/.test(address)
    ? address.toLowerCase()
    : undefined;
}
