import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { TraceRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import { expect, it } from 'vitest';
import { mapCheckedBlock } from '../../src/chain/rpc/mapBlocks.js';
import { FIELDS } from '../../src/chain/source.js';

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
  'nothing in the block': [{ callTo: [address('d')], transaction: true }],
};

it.each(
  Object.entries(REQUESTS).flatMap(([name, traces]) => [
    { name: `${name}, by trace_block`, traces, block: byTraces },
    { name: `${name}, by debug_traceBlockByHash`, traces, block: byCalls },
  ]),
)('frames that are filtered first are those that the library keeps: $name', ({ traces, block }) => {
  const request = toMappingRequest({ fields: FIELDS, logs: [{ address: [OURS] }], traces });
  const places = ({ traces: frames }: ReturnType<typeof mapBlock>) =>
    frames.map(({ transactionIndex, traceAddress, parent }) => [
      transactionIndex,
      traceAddress.join('.'),
      parent?.traceAddress.join('.'),
    ]);
  expect(places(mapCheckedBlock(block(), request))).toEqual(places(mapBlock(block(), request)));
});

it('a transaction of 30,000 empty calls is mapped like any other', () => {
  const root = call(1, [], OTHER, THIRD);
  const trace = [root, ...Array.from({ length: 29_999 }, (_, i) => call(1, [i], THIRD, OURS))];
  const traceReplays = [{ transactionHash: hash(1), trace }];
  const traces = [{ callTo: [OURS], parents: true, transaction: true }];
  const request = toMappingRequest({ fields: FIELDS, traces });
  expect(mapCheckedBlock(newBlock({ traceReplays }), request).traces).toHaveLength(30_000);
});
