import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { TraceRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import { expect, it } from 'vitest';
import { FIELDS, type SourceTrace } from '../../../src/chain/reading/source.js';
import { mapCheckedBlock } from '../../../src/chain/source/mapBlocks.js';

const address = (digit: string) => `0x${digit.repeat(40)}`;
const hash = (index: number) => `0x${String(index).padStart(64, '0')}`;
const [OURS, OTHER, THIRD] = [address('a'), address('b'), address('c')];

function call(transaction: number, traceAddress: number[], from: string, to: string) {
  return {
    transactionHash: hash(transaction),
    traceAddress,
    subtraces: 0,
    type: 'call',
    action: { callType: 'call', from, to, value: '0x1', gas: '0x1', input: '0x' },
    result: { gasUsed: '0x1', output: '0x' },
  };
}

/** Three transactions; the second one calls our contract from within. */
function newBlock(of: Partial<Block>): Block {
  const transactions = [hash(1), hash(2), hash(3)];
  const block = {
    number: '0x5',
    hash: hash(9),
    parentHash: hash(8),
    logsBloom: `0x${'0'.repeat(512)}`,
    timestamp: '0x1',
    miner: THIRD,
    transactions,
  };
  return { height: 5, hash: hash(9), block, logs: [], ...of };
}

const byTraces = () =>
  newBlock({
    traceReplays: [
      [call(1, [], OTHER, THIRD), call(1, [0], THIRD, OTHER)],
      [call(2, [], OTHER, THIRD), call(2, [0], THIRD, OTHER), call(2, [0, 0], OTHER, OURS)],
      [call(3, [], OTHER, THIRD)],
    ].map((trace, index) => ({ transactionHash: hash(index + 1), trace })),
  });

const action = (type: string, traceAddress: number[], fields: object, rest: object = {}) => ({
  ...{ transactionHash: hash(1), traceAddress, subtraces: 0, type },
  action: fields,
  ...rest,
});

/** A creation, a self-destruct, a reverted call, calls of other kinds, in any order and any case. */
const oddTraces = () => {
  const upper = `0x${'A'.repeat(40)}`;
  const of = (callType: string, to: string, value: object) => ({
    ...{ callType, from: OTHER, to, input: '0xABCDEF0102', gas: '0x1' },
    ...value,
  });
  const trace = [
    action('call', [2], of('delegatecall', upper, {}), { error: 'Reverted' }),
    action('call', [2, 0], of('call', upper, { value: '0x2' }), { result: null }),
    action('call', [], of('call', THIRD, { value: '0x0' }), { error: null }),
    action(
      'create',
      [0],
      { from: OTHER, value: '0x3', gas: '0x1', init: '0x' },
      { result: { address: upper, code: '0x', gasUsed: '0x1' } },
    ),
    action('suicide', [0, 0], { address: upper, balance: '0x4', refundAddress: OURS }),
    action('create', [1], { from: OTHER, value: '0x0', gas: '0x1', init: '0x' }, { error: 'x' }),
  ];
  return newBlock({ traceReplays: [{ transactionHash: hash(1), trace }] as never });
};

const oddCalls = () => {
  const upper = `0x${'A'.repeat(40)}`;
  const frame = (type: string, fields: object, calls?: object[]) => ({
    ...{ type, from: OTHER, input: '0xABCDEF0102', gas: '0x1', gasUsed: '0x1' },
    ...fields,
    ...(calls === undefined ? {} : { calls }),
  });
  const inner = [
    frame('CREATE2', { to: upper, value: '0x3' }, [
      frame('SELFDESTRUCT', { from: upper, to: OURS, value: '0x4' }),
    ]),
    frame('CREATE', { value: '0x0', error: 'x' }),
    frame('DELEGATECALL', { to: upper, error: 'Reverted' }, [
      frame('CALL', { to: upper, value: '0x2' }),
    ]),
    frame('STATICCALL', { to: OURS }),
  ];
  const results = [frame('CALL', { to: THIRD, value: '0x0' }, inner), { type: 'STOP' }, undefined];
  const debugFrames = results.map((result) => (result === undefined ? undefined : { result }));
  return newBlock({ debugFrames: debugFrames as Block['debugFrames'] & {} });
};

const byCalls = () => {
  const frame = (from: string, to: string, calls: object[] = []) => ({
    ...{ type: 'CALL', from, to, value: '0x1', input: '0x', gas: '0x1', gasUsed: '0x1' },
    calls,
  });
  const roots = [
    frame(OTHER, THIRD, [frame(THIRD, OTHER)]),
    frame(OTHER, THIRD, [frame(THIRD, OTHER, [frame(OTHER, OURS)])]),
    frame(OTHER, THIRD),
  ];
  return newBlock({
    debugFrames: roots.map((result) => ({ result })) as Block['debugFrames'] & {},
  });
};

const REQUESTS: Readonly<Record<string, TraceRequest[]>> = {
  'calls of a contract, with their parents': [{ callTo: [OURS], parents: true, transaction: true }],
  'calls from a contract': [{ callFrom: [OTHER], transaction: true }],
  'all frames of a kind': [{ type: ['call'], transaction: true }],
  'calls from and to a contract, creations and heirs': [
    { callFrom: [OTHER], parents: true, transaction: true },
    { callTo: [OURS], parents: true, transaction: true },
    { suicideRefundAddress: [OURS], parents: true, transaction: true },
    { type: ['create'], parents: true, transaction: true },
  ],
  'nothing in the block': [{ callTo: [address('d')], transaction: true }],
};

it.each(
  Object.entries(REQUESTS).flatMap(([name, traces]) => [
    { name: `${name}, by trace_block`, traces, block: byTraces },
    { name: `${name}, by debug_traceBlockByHash`, traces, block: byCalls },
    { name: `${name}, odd frames of trace_block`, traces, block: oddTraces },
    { name: `${name}, odd frames of debug_traceBlockByHash`, traces, block: oddCalls },
  ]),
)('frames that are filtered first are those that the library keeps: $name', ({ traces, block }) => {
  const request = toMappingRequest({ fields: FIELDS, logs: [{ address: [OURS] }], traces });
  const contents = (frames: readonly SourceTrace[]) =>
    frames.map((frame) => ({
      transaction: [frame.transactionIndex, frame.getTransaction().hash],
      traceAddress: frame.traceAddress,
      parent: frame.parent?.traceAddress,
      type: frame.type,
      error: frame.error ?? undefined,
      action: 'action' in frame ? frame.action : undefined,
      result: 'result' in frame ? (frame.result ?? undefined) : undefined,
    }));
  const ofLibrary = mapBlock(block(), request).traces as unknown as SourceTrace[];
  expect(contents(mapCheckedBlock(block(), request).traces)).toEqual(contents(ofLibrary));
});

it('a block without anything wanted has the header that the library makes of it', () => {
  const traces = [{ callTo: [address('d')], transaction: true }];
  const request = toMappingRequest({ fields: FIELDS, logs: [{ address: [OURS] }], traces });
  expect(mapCheckedBlock(byTraces(), request)).toEqual({
    ...mapBlock(byTraces(), request),
    transactions: [],
  });
});

it('a deep tree is mapped without a link from each frame to all frames above it', () => {
  const depth = 1_024;
  const deepest = { type: 'CALL', from: OTHER, to: OURS, value: '0x1', input: '0x', calls: [] };
  let root: object = deepest;
  for (let level = 1; level < depth; level++) root = { ...deepest, to: THIRD, calls: [root] };
  const traces = [{ callTo: [OURS], parents: true, transaction: true }];
  const request = toMappingRequest({ fields: FIELDS, traces });
  const debugFrames = [{ result: root }, undefined, undefined] as Block['debugFrames'] & {};
  const mapped = mapCheckedBlock(newBlock({ debugFrames }), request).traces;
  expect(mapped).toHaveLength(depth);
  expect(mapped.at(-1)?.traceAddress).toHaveLength(depth - 1);
  expect(mapped.filter((trace) => 'children' in trace)).toEqual([]);
});

it('a transaction of 30,000 empty calls is mapped like any other', () => {
  const root = call(1, [], OTHER, THIRD);
  const trace = [root, ...Array.from({ length: 29_999 }, (_, i) => call(1, [i], THIRD, OURS))];
  const traceReplays = [{ transactionHash: hash(1), trace }];
  const traces = [{ callTo: [OURS], parents: true, transaction: true }];
  const request = toMappingRequest({ fields: FIELDS, traces });
  expect(mapCheckedBlock(newBlock({ traceReplays }), request).traces).toHaveLength(30_000);
});
