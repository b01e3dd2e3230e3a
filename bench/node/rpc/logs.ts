import { z } from 'zod';
import type { GeneratedChain } from '../chain/chain.js';
import { countUpTo } from '../versions.js';
import { heightOf, logAnswer } from './blocks.js';
import { INVALID_PARAMS, RpcFault, SERVER_ERROR } from './fault.js';

/** As many as large providers answer with. */
const LOGS_AT_MOST = 20_000;

const some = z.union([z.string(), z.array(z.string())]).nullish();
const filter = z.object({
  fromBlock: z.unknown(),
  toBlock: z.unknown(),
  blockHash: z.string().optional(),
  address: some,
  topics: z.array(some).max(4).default([]),
});

/** `eth_getLogs` */
export function logsAnswer(chain: GeneratedChain, asked: unknown): unknown[] {
  const { address, topics, ...range } = parsed(asked);
  const { from, to } = rangeOf(chain, range);
  const addresses = listOf(address);
  const wantedTopics = topics.map(listOf);
  const found: unknown[] = [];
  for (const height of heightsIn(chain, 'logs', addresses, from, to)) {
    const block = chain.block(height);
    let logIndex = 0;
    for (const [index, { receipt }] of block.transactions.entries()) {
      for (const log of receipt.logs) {
        const isWanted =
          (addresses === null || addresses.has(log.address)) &&
          wantedTopics.every((wanted, at) => wanted === null || wanted.has(log.topics[at] ?? ''));
        if (isWanted) found.push(logAnswer(chain, block, index, logIndex, log));
        logIndex++;
      }
    }
    if (found.length > LOGS_AT_MOST) {
      throw new RpcFault(-32_005, `query returned more than ${LOGS_AT_MOST} results`);
    }
  }
  return found;
}

/** Ascending: the blocks that may hold something of some addresses, or of any. */
export function heightsIn(
  chain: GeneratedChain,
  kind: 'logs' | 'calls',
  addresses: ReadonlySet<string> | null,
  from: number,
  to: number,
): Iterable<number> {
  if (addresses === null) return chain.filledIn(from, to);
  const heights = new Set<number>();
  for (const address of addresses) {
    const all = chain.heightsOf(kind, address);
    for (let at = countUpTo(all, from - 1); (all[at] ?? Infinity) <= to; at++) {
      heights.add(all[at] ?? 0);
    }
  }
  return [...heights].sort((a, b) => a - b);
}

export function rangeOf(
  chain: GeneratedChain,
  {
    fromBlock,
    toBlock,
    blockHash,
  }: { fromBlock?: unknown; toBlock?: unknown; blockHash?: string | undefined },
): { readonly from: number; readonly to: number } {
  if (blockHash !== undefined) {
    const height = chain.heightOf(blockHash);
    if (height === null) throw new RpcFault(SERVER_ERROR, 'unknown block');
    return { from: height, to: height };
  }
  const [from, to] = [fromBlock, toBlock].map((tag) => heightOf(chain, tag ?? 'latest'));
  if (from == null || to == null) {
    throw new RpcFault(INVALID_PARAMS, 'block range extends beyond current head block');
  }
  if (from > to) throw new RpcFault(INVALID_PARAMS, 'invalid block range params');
  return { from, to };
}

export function listOf(value: string | readonly string[] | null | undefined): Set<string> | null {
  if (value === null || value === undefined) return null;
  const list = typeof value === 'string' ? [value] : value;
  return list.length === 0 ? null : new Set(list.map((text) => text.toLowerCase()));
}

function parsed(asked: unknown): z.infer<typeof filter> {
  const result = filter.safeParse(asked);
  if (!result.success) throw new RpcFault(INVALID_PARAMS, 'invalid argument 0: not a filter');
  return result.data;
}
