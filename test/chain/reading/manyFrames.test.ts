import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import { expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { orderedOperations } from '../../../src/chain/reading/operations.js';
import { tokenRecords } from '../../../src/chain/reading/records.js';
import { FIELDS, type SourceBlock } from '../../../src/chain/reading/source.js';
import { recordFromCallTree } from '../../../src/chain/reading/tree/callTree.js';
import { verdictOnTree } from '../../../src/chain/rpc/blocks/traceTree.js';
import { mapCheckedBlock } from '../../../src/chain/source/mapBlocks.js';

const TOKEN: Address = `0x${'a'.repeat(40)}`;
const PAYER: Address = `0x${'b'.repeat(40)}`;
const HASH = `0x${'1'.repeat(64)}`;

/** Reads of a place in a tree: comparing each frame with every other one reads them all often. */
let reads = 0;

function counted(traceAddress: number[]): number[] {
  return new Proxy(traceAddress, {
    get(target, key, receiver) {
      reads++;
      return Reflect.get(target, key, receiver);
    },
  });
}

function callTo(to: string, place: number[], subtraces: number) {
  return {
    transactionHash: HASH,
    traceAddress: counted(place),
    subtraces,
    type: 'call',
    action: { callType: 'call', from: PAYER, to, value: '0x1', gas: '0x1', input: '0x' },
    result: { gasUsed: '0x1', output: '0x' },
  };
}

/** One transaction that pays the token so often, one wei each. */
function blockOf(payments: number): Block {
  const block = {
    ...{ number: '0x5', hash: HASH, parentHash: HASH, timestamp: '0x1', miner: PAYER },
    logsBloom: `0x${'0'.repeat(512)}`,
    transactions: [HASH],
  };
  const trace = Array.from({ length: payments }, (_, index) => callTo(TOKEN, [index], 0));
  const traceReplays = [{ transactionHash: HASH, trace: [callTo(PAYER, [], payments), ...trace] }];
  return { height: 5, hash: HASH, block, logs: [], traceReplays } as unknown as Block;
}

/** The operations of the block, and what finding them took. */
function bookable(payments: number) {
  const request = { traces: [{ callTo: [TOKEN], parents: true, transaction: true }] };
  const block = blockOf(payments);
  reads = 0;
  const [replay] = block.traceReplays ?? [];
  expect(verdictOnTree([...(replay?.trace ?? [])] as Parameters<typeof verdictOnTree>[0])).toBe(
    'whole',
  );
  const mapped = mapCheckedBlock(block, toMappingRequest({ fields: FIELDS, ...request }));
  const [record] = tokenRecords(
    mapped as unknown as SourceBlock,
    new Set<string>([TOKEN]),
    new Set(),
  );
  if (record === undefined) throw new Error('the transaction is missing');
  return { record, operations: orderedOperations(record, TOKEN, false)?.operations ?? [], reads };
}

test('the work for the frames of a transaction grows with their number, and not with its square', () => {
  const few = bookable(500);
  const many = bookable(5_000);
  expect(few.operations).toHaveLength(500);
  expect(many.operations).toHaveLength(5_000);
  expect(few.reads).toBeGreaterThan(500);
  expect(many.reads).toBeLessThan(12 * few.reads);
});

test('a frame with 200,000 sub-calls, and one inside 1,024 others, are read from a call tree', () => {
  const frame = (calls: object[]) => ({
    type: 'CALL',
    from: PAYER,
    to: TOKEN,
    value: '0x1',
    calls,
  });
  let deep = frame([]);
  for (let depth = 1; depth < 1_024; depth++) deep = frame([deep]);
  const wide = frame([deep, ...Array.from({ length: 200_000 - 1 }, () => frame([]))]);
  const partial = { transactionIndex: 0, transactionHash: HASH, frames: [], logs: [] };
  const record = recordFromCallTree(wide, { ...partial, framesBeforeLog: null });
  expect(record.frames).toHaveLength(1 + 1_024 + 200_000 - 1);
  expect(orderedOperations(record, TOKEN, false)?.operations).toHaveLength(201_024);
});

/** Transactions that a block does not list, one log each: half of them in order, the others the wrong way round. */
function unlistedLogs(count: number): SourceBlock['logs'] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ address: TOKEN, topics: [], data: '0x', transactionIndex: index },
    transactionHash: `0x${index.toString(16).padStart(64, '0')}`,
    get logIndex() {
      reads++;
      return 2 * index < count ? index : count + count / 2 - 1 - index;
    },
  }));
}

test('the work to put transactions without frames in order grows with their number too', () => {
  const read = (count: number) => {
    const block = { logs: unlistedLogs(count), traces: [] } as unknown as SourceBlock;
    reads = 0;
    const records = tokenRecords(block, new Set<string>([TOKEN]), new Set());
    const took = reads;
    expect(records.map(({ logs }) => logs[0]?.logIndex)).toEqual([...Array(count).keys()]);
    return took;
  };
  const few = read(500);
  expect(few).toBeGreaterThan(500);
  expect(read(5_000)).toBeLessThan(12 * few);
});
