import type { AnswerStore } from '../../rpc/connection/answerStore.js';
import { isDoubtful, type RpcAnswer, type RpcCall } from '../../rpc/connection/answers.js';
import type { BlockRange } from '../../rpc/endpoints/rangeLimit.js';
import { type AnswerKey, answerKey } from './answerKeys.js';
import type { Anchor } from './packFile.js';
import type { PackStore } from './packStore.js';

/** Times that one answer is given in a run: a caller that asks more often may doubt it. */
const SERVED_AT_MOST = 16;
/** Answers of a method to drop when their endpoint is no longer trusted. */
const DISTRUSTED = 256;
const REMEMBERED_BLOCKS = 50_000;
const REMEMBERED_TRANSACTIONS = 200_000;
/** Frames of whole blocks are kept where a finder chose the block, not where all are read. */
const WHOLE_BLOCKS = new Set(['trace_block', 'debug_traceBlockByHash', 'debug_traceBlockByNumber']);
const WHOLE_BLOCK_BYTES = 256 * 1024;

export interface AnswerCacheOptions {
  readonly store: PackStore;
  /** Blocks on top of a block before it is final. */
  readonly finality: number;
}

/**
 * Keeps what nodes answered about final blocks: states, headers, receipts, frames. It stands behind
 * the checks of answers, so that what comes from the disk is checked like what comes from a node.
 */
export class AnswerCache implements AnswerStore {
  private finalHeight = -1;
  /** A block below the final one was replaced: nothing is kept or believed until the next start. */
  private isOff = false;
  private readonly hashes = new Map<number, string>();
  private readonly heights = new Map<string, number>();
  private readonly transactions = new Map<string, number>();
  /** Headers that were asked for without transactions: a finder chose the block. */
  private readonly chosen = new Set<number>();
  private readonly served = new Map<string, number>();
  private readonly recent = new Map<string, AnswerKey[]>();
  private readonly dropped = new Set<string>();
  /** Blocks whose answers may be wrong, and what was kept of them since. */
  private readonly doubted: BlockRange[] = [];
  private readonly fresh = new Set<string>();
  private readonly known = {
    ofBlock: (hash: string) => this.heights.get(hash),
    ofTransaction: (hash: string) => this.transactions.get(hash),
  };

  constructor(private readonly options: AnswerCacheOptions) {}

  async get(call: RpcCall): Promise<RpcAnswer | null> {
    const key = this.keyOf(call);
    if (this.isOff || key === null || this.dropped.has(key.key)) return null;
    if (this.isDoubted(key.key, key.block)) return null;
    const times = (this.served.get(key.key) ?? 0) + 1;
    if (times > SERVED_AT_MOST) return null;
    const value = await this.options.store.get('answers', key.key, key.block);
    if (value === null) return null;
    const answer: RpcAnswer = JSON.parse(value.toString('utf8'));
    this.served.set(key.key, times);
    this.remember(call.method, key);
    this.learn(call, answer);
    return this.isOff ? null : answer;
  }

  put(call: RpcCall, answer: RpcAnswer): void {
    this.learn(call, answer);
    const key = this.keyOf(call);
    if (this.isOff || key === null || !isLasting(call, answer)) return;
    const { error, result } = answer;
    const value = Buffer.from(JSON.stringify(error == null ? { result } : { error }));
    if (WHOLE_BLOCKS.has(call.method)) {
      if (!this.chosen.has(key.block) || value.length > WHOLE_BLOCK_BYTES) return;
    }
    this.options.store.put('answers', { ...key, value });
    this.dropped.delete(key.key);
    this.renewed(key.key);
    this.served.set(key.key, 0);
    this.remember(call.method, key);
  }

  /** The endpoint that last answered a method gave wrong data: asks again for its recent answers. */
  distrust(method: string): void {
    for (const { key } of this.recent.get(method) ?? []) this.dropped.add(key);
    this.recent.delete(method);
  }

  /** The books contradict blocks: asks again for everything about them. */
  distrustBlocks(range: BlockRange): void {
    const isSame = ({ from, to }: BlockRange) => from === range.from && to === range.to;
    if (!this.doubted.some(isSame)) this.doubted.push(range);
    this.fresh.clear();
  }

  /** What is kept under a key about a block may be wrong, and was not asked for again since. */
  isDoubted(key: string, height: number): boolean {
    if (this.fresh.has(key)) return false;
    return this.doubted.some(({ from, to }) => from <= height && height <= to);
  }

  /** A node answered again. */
  renewed(key: string): void {
    if (this.doubted.length > 0) this.fresh.add(key);
  }

  isFinal(height: number): boolean {
    return height <= this.finalHeight;
  }

  /** Whether a block was seen with this hash last; also where none was seen. */
  isBlock(height: number, hash: string): boolean {
    return (this.hashes.get(height) ?? hash) === hash;
  }

  /** Takes note of a block. @returns whether what is kept may be used */
  sawBlock(height: number, hash: string): boolean {
    if (this.isFinal(height) && !this.isBlock(height, hash)) this.turnOff();
    bounded(this.hashes, height, hash, REMEMBERED_BLOCKS);
    bounded(this.heights, hash.toLowerCase(), height, REMEMBERED_BLOCKS);
    return !this.isOff;
  }

  flush(): Promise<void> {
    return this.options.store.flush();
  }

  private keyOf(call: RpcCall): AnswerKey | null {
    // With transactions, whole blocks are read one after the other: too much to keep.
    if (call.method === 'eth_getBlockByNumber' && call.params?.[1] === true) return null;
    const key = answerKey(call, this.known);
    return key === null || key.block > this.finalHeight ? null : key;
  }

  private learn({ method, params = [] }: RpcCall, { result }: RpcAnswer): void {
    if (method === 'eth_blockNumber' && typeof result === 'string') this.sawHead(Number(result));
    if (method !== 'eth_getBlockByNumber' && method !== 'eth_getBlockByHash') return;
    const block = blockIn(result);
    if (block === null) return;
    const { height, hash, transactions } = block;
    if (params[0] === 'latest') this.sawHead(height);
    if (params[1] === false) this.chosen.add(height);
    this.sawBlock(height, hash);
    for (const transaction of transactions) {
      bounded(this.transactions, transaction.toLowerCase(), height, REMEMBERED_TRANSACTIONS);
    }
    if (this.chosen.size > REMEMBERED_BLOCKS) this.chosen.clear();
  }

  /** Some blocks as they were when they were read, the highest final one among them. */
  witnesses(): Anchor[] {
    const heights = [...this.hashes.keys()].filter((height) => height <= this.finalHeight);
    heights.sort((a, b) => a - b);
    const last = heights.length - 1;
    const chosen = new Set([last, last >> 1, last >> 2, 0].map((index) => heights[index]));
    return [...chosen].flatMap((height) => {
      const hash = height === undefined ? undefined : this.hashes.get(height);
      return height === undefined || hash === undefined ? [] : [{ number: height, hash }];
    });
  }

  /** What is kept is not of this chain. */
  turnOff(): void {
    if (this.isOff) return;
    this.isOff = true;
    this.options.store.discard();
  }

  private sawHead(height: number): void {
    this.finalHeight = Math.max(this.finalHeight, height - this.options.finality);
  }

  private remember(method: string, key: AnswerKey): void {
    const keys = this.recent.get(method) ?? [];
    keys.push(key);
    if (keys.length > 2 * DISTRUSTED) keys.splice(0, DISTRUSTED);
    this.recent.set(method, keys);
  }
}

/** Reverts are answers; other errors, and blocks that a node does not have, pass. */
function isLasting(call: RpcCall, answer: RpcAnswer): boolean {
  const { error, result } = answer;
  if (error != null) return call.method === 'eth_call' && !isDoubtful(call, answer);
  return result !== null && result !== undefined;
}

function bounded<K, V>(map: Map<K, V>, key: K, value: V, size: number): void {
  map.set(key, value);
  if (map.size <= size) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}

/** The block of an answer; `null`: it has none. Transactions in full have no hash here. */
function blockIn(
  result: unknown,
): { height: number; hash: string; transactions: readonly string[] } | null {
  if (typeof result !== 'object' || result === null) return null;
  if (!('number' in result && 'hash' in result)) return null;
  const { number, hash } = result;
  if (typeof number !== 'string' || typeof hash !== 'string') return null;
  const listed = 'transactions' in result ? result.transactions : [];
  const transactions = (Array.isArray(listed) ? listed : []).filter(
    (transaction: unknown) => typeof transaction === 'string',
  );
  return { height: Number(number), hash, transactions };
}
