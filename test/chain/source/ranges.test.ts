import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { PoolConnection } from '../../../src/chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../../../src/chain/rpc/connection/pooledClient.js';
import type { Hit, Wanted } from '../../../src/chain/source/finders/finder.js';
import { RangesFinder } from '../../../src/chain/source/finders/ranges.js';
import { logQueries } from '../../../src/chain/source/wanted.js';
import { type Dialect, type OddNode, startOddNode } from '../../support/nodes/oddNode.js';
import { limitsRanges, WORDINGS } from '../../support/nodes/rangeDialects.js';
import { oddNode } from '../../support/nodes/testNode.js';

const TOKEN = `0x${'a'.repeat(40)}`;
const WANTED: Wanted = { logs: [{ address: [TOKEN] }], traces: [{ callTo: [TOKEN] }] };
const HASH = (block: number) => `0x${block.toString(16).padStart(64, '0')}`;

/** A node with a log in every 10th block and a call in every 15th, up to block 3,000. */
let source: OddNode;

beforeAll(async () => {
  source = await startOddNode('', [
    async ({ method, params }) => {
      if (method === 'eth_chainId') return { result: '0x1' };
      const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
      const step = method === 'eth_getLogs' ? 10 : 15;
      const result: object[] = [];
      const last = Math.min(Number(toBlock), 3_000);
      for (let block = Number(fromBlock); block <= last; block++) {
        if (block % step !== 0) continue;
        const action = { callType: 'call', from: TOKEN, to: TOKEN };
        result.push({
          blockNumber: `0x${block.toString(16)}`,
          transactionHash: HASH(block),
          action,
        });
      }
      return { result };
    },
  ]);
});
afterAll(() => source.close());

async function find(to: number, ...dialects: Dialect[]): Promise<{ hits: Hit[]; asked: number }> {
  const node = await oddNode(source.url, ...dialects);
  const pool = new PoolConnection({ urls: [node.url], chainId: 1 });
  const client = new PooledClient(pool, { capacity: 5, requestTimeoutMs: 5_000, retryAttempts: 0 });
  onTestFinished(() => {
    client.close();
    pool.close();
  });
  const finder = new RangesFinder({ client, finalHeight: async () => to, hasTraceFilter: true });
  const hits: Hit[] = [];
  const { signal } = new AbortController();
  for await (const piece of finder.find({ from: 1, to }, WANTED, signal)) hits.push(...piece.hits);
  return { hits, asked: node.asked.length };
}

const ALL = Array.from({ length: 3_000 }, (_, index) => index + 1).filter(
  (block) => block % 10 === 0 || block % 15 === 0,
);
const heights = (hits: readonly Hit[]) => hits.map(({ height }) => height);

it('blocks with wanted logs or calls are found, with the transactions of the calls', async () => {
  const { hits } = await find(3_000);
  expect(heights(hits)).toEqual(ALL);
  expect(hits.slice(0, 3)).toEqual([
    { height: 10, transactions: [] },
    { height: 15, transactions: [HASH(15)] },
    { height: 20, transactions: [] },
  ]);
});

it.each(Object.entries(WORDINGS))(
  'a limit of trace_filter in the words of %s makes ranges smaller',
  async (_, wording) => {
    const { hits } = await find(300, limitsRanges(40, wording, 'trace_filter'));
    expect(heights(hits)).toEqual(ALL.filter((block) => block <= 300));
  },
);

it('a list that is silently cut at a round number is requested again in halves', async () => {
  const cut: Dialect = async (call, ask) => {
    const { result } = await ask(call);
    return { result: Array.isArray(result) ? result.slice(0, 100) : result };
  };
  expect(heights((await find(3_000, cut)).hits)).toEqual(ALL);
});

it('a list of a round length that is not cut is shown to be whole by its halves', async () => {
  const hundredfold: Dialect = async (call, ask) => {
    const { result } = await ask(call);
    if (call.method !== 'eth_getLogs' || !Array.isArray(result)) return { result };
    return { result: result.flatMap((log) => Array.from({ length: 100 }, () => log)) };
  };
  const { hits, asked } = await find(1_000, hundredfold);
  expect(heights(hits)).toEqual(ALL.filter((block) => block <= 1_000));
  // Frames once, logs once and in halves, and which chain it is.
  expect(asked).toBeLessThan(8);
});

it('a block that has too many entries to be listed is read as a whole', async () => {
  const refuses: Dialect = async (call, ask) => {
    const { fromBlock, toBlock } = (call.params[0] ?? {}) as { fromBlock: string; toBlock: string };
    const holds30 = Number(fromBlock) <= 30 && Number(toBlock) >= 30;
    if (call.method !== 'trace_filter' || !holds30) return ask(call);
    return { error: { code: -32000, message: 'response size exceeded' } };
  };
  const { hits } = await find(100, refuses);
  expect(hits.find(({ height }) => height === 30)).toEqual({ height: 30, transactions: null });
  expect(heights(hits)).toEqual(ALL.filter((block) => block <= 100));
});

it('ranges grow while answers are empty and fast', async () => {
  const { hits, asked } = await find(1_000_000);
  expect(heights(hits)).toEqual(ALL);
  // 20 ranges of 50,000 blocks and those on the way there, for logs and for calls; not 2,000.
  expect(asked).toBeLessThan(200);
});

it('the first ranges are each twice as wide as the one before, and the next start from the widest', async () => {
  const widths = new Set<number>();
  const watching: Dialect = async (call, ask) => {
    const { fromBlock, toBlock } = (call.params[0] ?? {}) as { fromBlock: string; toBlock: string };
    if (call.method === 'trace_filter') widths.add(Number(toBlock) - Number(fromBlock) + 1);
    return ask(call);
  };
  await find(400_000, watching);
  expect([...widths].slice(0, 4).sort((a, b) => a - b)).toEqual([1_000, 2_000, 4_000, 8_000]);
  expect(widths).toContain(50_000);
});

it('calls that are static or have failed change nothing, and are not hits', async () => {
  const still: Dialect = async (call, ask) => {
    const reply = await ask(call);
    if (call.method === 'eth_getLogs') return { result: [] };
    if (!Array.isArray(reply.result)) return reply;
    const [first, second, ...others] = reply.result;
    const action = { callType: 'staticcall', from: TOKEN, to: TOKEN };
    return { result: [{ ...first, action }, { ...second, error: 'Reverted' }, ...others] };
  };
  expect(heights((await find(60, still)).hits)).toEqual([45, 60]);
});

it('a list with entries of other blocks is not believed', async () => {
  const shifted: Dialect = async (call, ask) => {
    const reply = await ask(call);
    if (call.method !== 'eth_getLogs') return reply;
    return { result: [{ blockNumber: '0x5000000', transactionHash: HASH(1) }] };
  };
  await expect(find(100, shifted)).rejects.toThrow('the answer is not a list for blocks 1 to 100');
});

it('requests that restrict the same fields become one question', () => {
  const topic = (digit: string) => `0x${digit.repeat(64)}`;
  const logs = [
    { address: [TOKEN], topic0: [topic('1')] },
    { address: [TOKEN.replaceAll('a', 'b')], topic0: [topic('1'), topic('2')] },
    { topic0: [topic('3')], topic2: [topic('4')] },
    { topic0: [topic('3')], topic2: [topic('5')] },
  ];
  expect(logQueries({ logs, traces: [] })).toEqual([
    { address: [TOKEN, TOKEN.replaceAll('a', 'b')], topics: [[topic('1'), topic('2')]] },
    { topics: [[topic('3')], null, [topic('4'), topic('5')]] },
  ]);
});
