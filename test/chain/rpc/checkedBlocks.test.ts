import { mapBlock } from '@subsquid/evm-processor/lib/ds-rpc/mapping.js';
import { toMappingRequest } from '@subsquid/evm-processor/lib/ds-rpc/request.js';
import type { Block } from '@subsquid/evm-processor/lib/ds-rpc/rpc-data.js';
import type { LogRequest } from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogBloom } from '../../../src/chain/rpc/blocks/bloom.js';
import { logFilter } from '../../../src/chain/rpc/blocks/logFilter.js';
import { readRawLogs } from '../../../src/chain/rpc/blocks/rawLogs.js';
import { mapCheckedBlock } from '../../../src/chain/source/mapBlocks.js';

const FIELDS = {
  block: { timestamp: true },
  log: { address: true, topics: true, data: true, transactionHash: true },
} as const;

const word = (digit: string, bytes: number) => `0x${digit.repeat(bytes * 2)}`;
const address = fc.constantFrom('a', 'b', 'C').map((digit) => word(digit, 20));
const topic = fc.constantFrom('1', '2', 'D').map((digit) => word(digit, 32));
const log = fc.record({
  address,
  topics: fc.array(topic, { maxLength: 4 }),
  data: fc.constantFrom('0x', '0xAB', word('f', 32)),
  transactionHash: fc.constantFrom('6', 'E').map((digit) => word(digit, 32)),
  transactionIndex: fc.nat(20).map((index) => `0x${index.toString(16)}`),
});
const optional = (values: fc.Arbitrary<string>) =>
  fc.option(fc.array(values, { minLength: 1, maxLength: 2 }), { nil: undefined });
const logRequest: fc.Arbitrary<LogRequest> = fc.record(
  { address: optional(address), topic0: optional(topic), topic2: optional(topic) },
  { requiredKeys: [] },
);

describe('blocks that nodes send', () => {
  it('become the same logs as in the library, for any request', () => {
    fc.assert(
      fc.property(
        fc.array(log, { maxLength: 12 }),
        fc.array(logRequest, { minLength: 1, maxLength: 3 }),
        (logs, wanted) => {
          const requests = wanted.map(inLowerCase);
          const request = toMappingRequest({ fields: FIELDS, logs: requests });
          const expected = mapBlock(blockOf(logs), request).logs.map(fieldsOf);
          const block = blockOf(logs);
          readRawLogs(block.logs ?? [], new LogBloom());
          expect(mapCheckedBlock(block, request).logs.map(fieldsOf)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('are left to the library where logs bring their transactions with them', () => {
    expect(logFilter({ logs: [{ transaction: true }] })).toBeNull();
    expect(logFilter({ logs: [{}], traces: [{ transactionLogs: true }] })).toBeNull();
    expect(logFilter({ logs: [{}], transactions: [{ logs: true }] })).toBeNull();
    expect(
      logFilter({ logs: [{}], traces: [{ parents: true, transaction: true }] }),
    ).not.toBeNull();
  });

  it('are refused with the name of what is wrong in a log', () => {
    const good = { ...first(blockOf([sample()]).logs) };
    const read = (change: object) => readRawLogs([{ ...good, ...change }], new LogBloom());
    expect(() => read({})).not.toThrow();
    for (const [field, value] of [
      ['address', 7],
      ['address', '0xg0'],
      ['topics', 'none'],
      ['topics', [null]],
      ['topics', [word('1', 32), '0x123']],
      ['data', undefined],
      ['data', 'ab'],
      ['transactionHash', null],
      ['transactionHash', 'hash'],
      ['logIndex', 4],
      ['logIndex', '0x'],
      ['transactionIndex', '0x20000000000000'],
    ] as const) {
      expect(() => read({ [field]: value }), `${field} ${value}`).toThrow(
        new RegExp(`^a log whose ${field} is `),
      );
    }
  });
});

function sample() {
  return {
    address: word('a', 20),
    topics: [word('1', 32)],
    data: '0x',
    transactionHash: word('6', 32),
    transactionIndex: '0x0',
  };
}

/** The logs in an order of their own: nodes promise none. */
function blockOf(logs: readonly ReturnType<typeof sample>[]): Block {
  const hash = word('9', 32);
  const placed = logs.map((entry, index) => ({
    ...entry,
    topics: [...entry.topics],
    blockHash: hash,
    blockNumber: '0x5',
    logIndex: `0x${index.toString(16)}`,
  }));
  const block = {
    number: '0x5',
    hash,
    parentHash: word('8', 32),
    logsBloom: word('0', 256),
    timestamp: '0x64',
    transactions: [],
  };
  return { height: 5, hash, block, logs: placed.reverse() };
}

/** As our own requests are; the library expects it. */
function inLowerCase(request: LogRequest): LogRequest {
  const entries = Object.entries(request).filter(([, values]) => values !== undefined);
  return Object.fromEntries(
    entries.map(([key, values]) => [key, (values as string[]).map((text) => text.toLowerCase())]),
  );
}

function fieldsOf(mapped: object) {
  const { logIndex, transactionIndex, transactionHash, address, topics, data } = mapped as Record<
    string,
    unknown
  >;
  return { logIndex, transactionIndex, transactionHash, address, topics, data };
}

function first<T>(values: readonly T[] | undefined): T {
  const [value] = values ?? [];
  if (value === undefined) throw new Error('there is no log');
  return value;
}
