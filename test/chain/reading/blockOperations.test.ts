import { describe, expect, it } from 'vitest';
import { events } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import type { ChainNode } from '../../../src/chain/node.js';
import { addressTopic } from '../../../src/chain/reading/assets/assetReceipt.js';
import { operationsOfBlock } from '../../../src/chain/reading/blockOperations.js';
import type { SourceBlock, SourceLog } from '../../../src/chain/reading/source.js';

const token: Address = `0x${'aa'.repeat(20)}`;
const holder: Address = `0x${'11'.repeat(20)}`;
const asset: Address = `0x${'dd'.repeat(20)}`;
const LISTED = `0x${'01'.repeat(32)}`;
const UNLISTED = `0x${'02'.repeat(32)}`;
const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`;

type Place = Pick<SourceLog, 'logIndex' | 'transactionIndex' | 'transactionHash'>;
const listed = (logIndex: number): Place => ({
  logIndex,
  transactionIndex: 0,
  transactionHash: LISTED,
});
/** The chain's own transaction: its logs come last, whatever its index. */
const unlisted = (logIndex: number, transactionIndex = 1): Place => ({
  logIndex,
  transactionIndex,
  transactionHash: UNLISTED,
});
const snapshot = (place: Place, id: number): SourceLog => ({
  ...place,
  address: token,
  topics: [events.Snapshot.topic],
  data: word(id),
});
const transfer = (place: Place, from: Address, to: Address, amount: number): SourceLog => ({
  ...place,
  address: token,
  topics: [events.Transfer.topic, addressTopic(from), addressTopic(to)],
  data: word(amount),
});

/** A call of the listed transaction. */
const call = (from: Address, value: bigint, input = '0x') => ({
  type: 'call',
  transactionIndex: 0,
  error: null,
  parent: undefined,
  getTransaction: () => ({ hash: LISTED }),
  action: { callType: 'call', from, to: token, value, input, sighash: input.slice(0, 10) },
});

const blockOf = (logs: SourceLog[], traces: object[] = []) =>
  ({
    header: { height: 7, hash: word(7), timestamp: 0, miner: holder },
    transactions: [],
    stateDiffs: [],
    logs,
    traces,
  }) as unknown as SourceBlock;

/** A node that lists one transaction and has a call tree of it alone; counts what is asked. */
function fakeNode(tree: object = {}) {
  const asked: string[] = [];
  const answer = (method: string, result: unknown) => async () => {
    asked.push(method);
    return result;
  };
  const node = {
    displayUrl: 'http://node',
    endpointCount: 1,
    distrust: () => undefined,
    traceBlock: answer('debug_traceBlockByHash', [{ txHash: LISTED, result: tree }]),
    traceTransaction: answer('debug_traceTransaction', null),
    transactionHashes: answer('eth_getBlockByHash', [LISTED]),
  };
  return { node: node as unknown as ChainNode, asked };
}

const kinds = async (block: SourceBlock, node: ChainNode, sharing: Address[] = []) => {
  const found = await operationsOfBlock(node, block, new Set([token]), new Set(sharing));
  return { kinds: found.operations.get(token)?.map(({ kind }) => kind), open: found.open.size };
};

describe('logs of a transaction that the block does not list', () => {
  it('are booked behind the transactions before them, also where the index is another one', async () => {
    for (const index of [0, 1, 9]) {
      const { node, asked } = fakeNode();
      const block = blockOf(
        [
          transfer(listed(0), holder, asset, 5),
          transfer(unlisted(1, index), asset, holder, 5),
          snapshot(unlisted(2, index), 1),
        ],
        [call(holder, 3n)],
      );
      const found = await kinds(block, node);
      expect(found).toEqual({ kinds: ['transfer', 'receipt', 'transfer', 'snapshot'], open: 0 });
      expect(asked).toEqual([]);
    }
  });

  it('come before those of a later transaction by the places of the logs', async () => {
    const { node } = fakeNode();
    const block = blockOf([
      snapshot(unlisted(0), 1),
      transfer(listed(1), holder, asset, 5),
      snapshot(listed(2), 2),
    ]);
    expect((await kinds(block, node)).kinds).toEqual(['snapshot', 'transfer', 'snapshot']);
  });

  it('bring an ERC-20 to a token without a call tree', async () => {
    const { node, asked } = fakeNode();
    const received = { ...transfer(unlisted(0), holder, token, 9), address: asset };
    const found = await kinds(blockOf([received, snapshot(unlisted(1), 1)]), node, [token]);
    expect(found.kinds).toEqual(['receipt', 'snapshot']);
    expect(asked).toEqual(['debug_traceBlockByHash', 'eth_getBlockByHash']);
  });
});

describe('an order that no answer proves', () => {
  const bundle = () => blockOf([snapshot(listed(0), 1)], [call(holder, 3n), call(holder, 4n)]);

  it('is left to the amounts, with every order that is possible', async () => {
    const outer = { type: 'CALL', from: holder, to: asset, value: '0x0', input: '0x' };
    const inner = { ...outer, to: token, value: '0x3' };
    const log = { address: token, topics: [events.Snapshot.topic], data: word(1) };
    // The log of the outer frame may be before, between or behind the two payments.
    const tree = { ...outer, to: token, calls: [inner, inner], logs: [log] };
    const { node, asked } = fakeNode(tree);
    const found = await operationsOfBlock(node, bundle(), new Set([token]), new Set());
    const [open] = found.open.get(token) ?? [];
    expect(open?.alternatives).toHaveLength(2);
    expect(asked).toEqual(['debug_traceBlockByHash', 'debug_traceTransaction']);
    expect(open?.asked[0]).toContain('leaves the place of a log open');
  });

  it('needs no second question where the tree has the position', async () => {
    const outer = { type: 'CALL', from: holder, to: token, value: '0x0', input: '0x' };
    const inner = { ...outer, value: '0x3' };
    const log = { address: token, topics: [events.Snapshot.topic], data: word(1), position: 1 };
    const { node, asked } = fakeNode({ ...outer, calls: [inner, inner], logs: [log] });
    expect(await kinds(bundle(), node)).toMatchObject({ open: 0 });
    expect(asked).toEqual(['debug_traceBlockByHash']);
  });
});

describe('blocks that are read at the same time', () => {
  const log = { address: token, topics: [events.Snapshot.topic], data: word(1) };
  const outer = { type: 'CALL', from: holder, to: token, value: '0x0', input: '0x' };
  const calls = [3, 4].map((value) => ({ ...outer, value: `0x${value}` }));
  const openTree = [{ txHash: LISTED, result: { ...outer, calls, logs: [log] } }];
  const placedTree = [
    { txHash: LISTED, result: { ...outer, calls, logs: [{ ...log, position: 1 }] } },
  ];
  const bundle = (height: number) => {
    const block = blockOf([snapshot(listed(0), 1)], [call(holder, 3n), call(holder, 4n)]);
    return { ...block, header: { ...block.header, height, hash: word(height) } };
  };

  it('each hear the one endpoint that has the position of a log', async () => {
    // Which of the endpoints answers, as a pool does it: `distrust` turns to the next.
    let endpoint = 0;
    const heard = new Map<string, number[]>();
    const node = {
      displayUrl: 'http://node',
      endpointCount: 3,
      distrust: () => {
        endpoint = (endpoint + 1) % 3;
      },
      traceBlock: async ([hash]: [string]) => {
        const answers = endpoint;
        heard.set(hash, [...(heard.get(hash) ?? []), answers]);
        await new Promise(setImmediate);
        return answers === 2 ? placedTree : openTree;
      },
      traceTransaction: () => Promise.resolve(null),
    } as unknown as ChainNode;
    const found = await Promise.all(
      [1, 2, 3, 4, 5].map((height) =>
        operationsOfBlock(node, bundle(height), new Set([token]), new Set()),
      ),
    );
    expect(found.map(({ open }) => open.size)).toEqual([0, 0, 0, 0, 0]);
    expect([...heard.values()].every((endpoints) => endpoints.includes(2))).toBe(true);
  });
});
