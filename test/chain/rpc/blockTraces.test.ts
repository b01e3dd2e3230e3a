import { describe, expect, it } from 'vitest';
import { bloomOf, type NodeBlock, readNodeBlock } from '../../support/nodes/nodeBlock.js';
import type { Dialect } from '../../support/nodes/oddNode.js';

const word = (digits: string) => `0x${digits.padStart(64, '0')}`;
const account = (digits: string) => `0x${digits.padStart(40, '0')}`;
const TOKEN = account('7641');
const OTHER = account('0bad');
const HASH = word('b10c');
const [first, second] = [word('1'), word('2')];
const REQUEST = { dataRequest: { traces: [{ callTo: [TOKEN] }], logs: [{ address: [TOKEN] }] } };

function call(hash: string, traceAddress: number[], subtraces: number, to = OTHER) {
  return {
    action: { callType: 'call', from: account('ca11'), to, input: '0x', value: '0x1' },
    blockHash: HASH,
    blockNumber: 5,
    result: { gasUsed: '0x0', output: '0x' },
    subtraces,
    traceAddress,
    transactionHash: hash,
    type: 'call',
  };
}

function inner(to: string, calls: object[] = []) {
  return { type: 'CALL', from: account('ca11'), to, value: '0x1', input: '0x', calls };
}

/** Two transactions; the second one has an inner frame that pays the token. */
function blockWith(change: Partial<NodeBlock>): NodeBlock {
  const transactions = [first, second].map((hash, index) => ({
    blockHash: HASH,
    blockNumber: '0x5',
    transactionIndex: `0x${index}`,
    hash,
    type: '0x2',
    from: account('ca11'),
    to: OTHER,
    gas: '0x5208',
    gasPrice: '0x1',
    input: '0x',
  }));
  return {
    chainId: 1,
    block: {
      number: '0x5',
      hash: HASH,
      parentHash: word('b10b'),
      logsBloom: bloomOf([]),
      timestamp: '0x64',
      miner: OTHER,
      transactions,
    },
    logs: [],
    traces: [call(first, [], 0), call(second, [], 1), call(second, [0], 0, TOKEN)],
    calls: [
      { txHash: first, result: inner(OTHER) },
      { txHash: second, result: inner(OTHER, [inner(TOKEN)]) },
    ],
    ...change,
  };
}

const refuses =
  (method: string, message: string): Dialect =>
  async (asked, ask) =>
    asked.method === method ? { error: { code: -32000, message } } : ask(asked);
const lacks = (method: string) => refuses(method, `the method ${method} does not exist`);

describe('call frames by trace_block', () => {
  const traces = [call(first, [], 0), call(second, [], 7), call(second, [0], 3, TOKEN)];

  it.each([
    ['debug_traceTransaction has as many', []],
    ['trace_transaction has as many', [lacks('debug_traceTransaction')]],
    [
      'the node says the same three times',
      [lacks('debug_traceTransaction'), lacks('trace_transaction')],
    ],
  ])('are whole where they count too many children and %s', async (_, dialects) => {
    const block = blockWith({ traces });
    // The third reading of the same frames is believed.
    let read = await readNodeBlock(block, REQUEST, { dialects }).catch(() => null);
    if (dialects.length === 2) {
      expect(read).toBeNull();
      read = await readNodeBlock(block, REQUEST, { dialects, readings: 3 });
    }
    expect(read?.traceReplays?.map(({ trace }) => trace?.length)).toEqual([1, 2]);
  });

  it('are not whole where another method has more of them', async () => {
    const cut = blockWith({ traces: traces.slice(0, 2) });
    await expect(readNodeBlock(cut, REQUEST)).rejects.toThrow(
      `transaction ${second}, by http://127.0.0.1:`,
    );
  });

  it('are whole whatever they count, and in any order, where no place is missing', async () => {
    const under = [call(second, [0], 0, TOKEN), call(second, [], 0), call(first, [], 0)];
    const read = await readNodeBlock(blockWith({ traces: under }), REQUEST);
    const places = read.traceReplays?.map(({ trace }) => trace?.map((one) => one.traceAddress));
    expect(places).toEqual([[[], [0]], [[]]]);
  });

  it('are torn where the place of an elder sibling or of a parent is empty', async () => {
    for (const place of [[1], [0, 0]]) {
      const torn = [call(first, [], 0), call(second, [], 1), call(second, place, 0)];
      await expect(readNodeBlock(blockWith({ traces: torn }), REQUEST)).rejects.toThrow(
        'call frames are missing',
      );
    }
  });

  it('unreadable frames are ignored in a transaction that does not concern the contracts', async () => {
    const odd = { ...call(first, [], 0), type: 'daofork' };
    const traces = [odd, call(second, [], 1), call(second, [0], 0, TOKEN)];
    const read = await readNodeBlock(blockWith({ traces }), REQUEST);
    expect(read.traceReplays?.map(({ transactionHash }) => transactionHash)).toEqual([second]);
  });

  it('unreadable frames in a transaction that concerns the contracts are an error with their place', async () => {
    const odd = { ...call(second, [0], 0, TOKEN), type: 'daofork' };
    const traces = [call(first, [], 0), call(second, [], 1), odd];
    await expect(readNodeBlock(blockWith({ traces }), REQUEST)).rejects.toThrow(
      `trace_block of block 5 (${HASH}), transaction ${second}, by http://127.0.0.1`,
    );
  });

  it('frames of a block that takes too long are read by transaction', async () => {
    const dialects = [refuses('trace_block', 'context deadline exceeded')];
    const read = await readNodeBlock(blockWith({}), REQUEST, { dialects });
    expect(read.traceReplays?.map(({ trace }) => trace?.length)).toEqual([1, 2]);
  });
});

describe('call frames by debug_traceBlockByHash', () => {
  const byCalls = (change: Partial<NodeBlock> = {}): NodeBlock => {
    const { traces: _, ...block } = blockWith(change);
    return block;
  };
  const roots = async (block: NodeBlock, ...dialects: Dialect[]) =>
    (await readNodeBlock(block, REQUEST, { dialects })).debugFrames?.map(
      (entry) => entry?.result.type,
    );

  it('are requested with a time limit', async () => {
    const seen: unknown[] = [];
    await roots(byCalls(), async (asked, ask) => {
      if (asked.method === 'debug_traceBlockByHash') seen.push(asked.params[1]);
      return ask(asked);
    });
    expect(seen).toMatchObject([{ tracer: 'callTracer', timeout: '20s' }]);
  });

  it('frames of a block that takes too long are read by transaction', async () => {
    const refusal = refuses('debug_traceBlockByHash', 'execution timeout');
    expect(await roots(byCalls(), refusal)).toEqual(['CALL', 'CALL']);
  });

  it('frames of one transaction that took too long are read again alone', async () => {
    const partly: Dialect = async (asked, ask) => {
      if (asked.method !== 'debug_traceBlockByHash') return ask(asked);
      const { result } = await ask(asked);
      const [one] = result as object[];
      return { result: [one, { txHash: second, error: 'execution timeout' }] };
    };
    expect(await roots(byCalls(), partly)).toEqual(['CALL', 'CALL']);
  });

  it('may lack a transaction of the chain itself, at any position', async () => {
    const block = byCalls();
    const [system, other] = block.block.transactions as object[];
    const transactions = [{ ...system, gas: '0x0' }, other];
    const own = { ...block, block: { ...block.block, transactions }, calls: block.calls?.slice(1) };
    const read = await readNodeBlock(own as NodeBlock, REQUEST);
    expect(read.debugFrames?.map((entry) => entry?.result.type)).toEqual([undefined, 'CALL']);
  });

  it('frames of a self-destruct without a recipient are left out', async () => {
    const silent = { type: 'SELFDESTRUCT', from: TOKEN, input: '0x' };
    const calls = [
      { txHash: first, result: inner(OTHER, [silent]) },
      { txHash: second, result: inner(OTHER, [inner(TOKEN)]) },
    ];
    const read = await readNodeBlock(byCalls({ calls }), REQUEST);
    expect(read.debugFrames?.[0]?.result.calls).toEqual([]);
  });
});
