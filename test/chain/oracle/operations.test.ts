import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { loadArtifact } from '../../../devnet/artifacts.js';
import type { Address } from '../../../src/address.js';
import { oracleOperations } from '../../../src/chain/oracle/operations.js';
import type { Frame, LogEntry, TransactionRecord } from '../../../src/chain/reading/tree/frames.js';

const ORACLE: Address = `0x${'0a'.repeat(20)}`;
const LOGIC: Address = `0x${'0b'.repeat(20)}`;
const CLIENT: Address = `0x${'c1'.repeat(20)}`;
const USER: Address = `0x${'5e'.repeat(20)}`;
const RECEIVER: Address = `0x${'4e'.repeat(20)}`;
const NOBODY = `0x${'0'.repeat(40)}`;

const NEWEST = loadArtifact('AIOracle').interface;
const SECOND_EVENT = 'AICallbackRequest(address,uint256,uint256,bytes,address,uint64,bytes)';
const NEWEST_EVENT =
  'AICallbackRequest(address,uint256,uint256,bytes,address,uint64,bytes,uint8,uint8,uint256)';
const REQUEST = 'requestCallback(uint256,bytes,address,uint64,bytes)';

const ERC20 = new Interface([
  'function transfer(address to, uint256 amount)',
  'function transferFrom(address from, address to, uint256 amount)',
]);

/** A call frame; by default of the client to the oracle. */
function call(input: string, frame: Partial<Frame> = {}): Frame {
  return {
    kind: 'call',
    isCall: true,
    isDelegateCall: false,
    from: CLIENT,
    to: ORACLE,
    valueWei: 0n,
    input,
    reverted: false,
    parent: null,
    ...frame,
  };
}

/** The forwarding of a proxy. */
function forwarded(parent: Frame): Frame {
  const { input } = parent;
  return call(input, { isCall: false, isDelegateCall: true, from: ORACLE, to: LOGIC, parent });
}

function record(frames: Frame[], logs: LogEntry[]): TransactionRecord {
  const transactionHash = `0x${'77'.repeat(32)}`;
  return { transactionIndex: 4, transactionHash, frames, logs, framesBeforeLog: null };
}

function log(event: string, values: readonly unknown[], abi: Interface = NEWEST): LogEntry {
  const { topics, data } = abi.encodeEventLog(event, values);
  return { address: ORACLE, logIndex: 0, topics, data };
}

const ask = (modelId: bigint, input = '0x01') =>
  NEWEST.encodeFunctionData(REQUEST, [modelId, input, NOBODY, 0, '0x']);
const batch = (modelId: bigint, size: bigint) =>
  NEWEST.encodeFunctionData('requestBatchInference', [
    size,
    modelId,
    '0x01',
    NOBODY,
    0,
    '0x',
    0,
    0,
  ]);
const second = (account: string, requestId: bigint, modelId: bigint, input = '0x01') =>
  log(SECOND_EVENT, [account, requestId, modelId, input, NOBODY, 0, '0x']);
const newest = (account: string, requestId: bigint, modelId: bigint, size = 1n) =>
  log(NEWEST_EVENT, [account, requestId, modelId, '0x01', NOBODY, 0, '0x', 0, 0, size]);

function requestsOf(frames: Frame[], logs: LogEntry[]) {
  return oracleOperations(record(frames, logs), ORACLE).flatMap((operation) =>
    operation.kind === 'request' ? [operation] : [],
  );
}

describe('requests and their logs', () => {
  it('the newest log next to the second is not another request', () => {
    const requests = requestsOf(
      [call(ask(1n)), call(batch(1n, 3n)), call(ask(1n))],
      [
        second(CLIENT, 7n, 1n),
        second(CLIENT, 8n, 1n),
        newest(CLIENT, 8n, 1n, 3n),
        second(CLIENT, 9n, 1n),
      ],
    );
    expect(requests.map(({ requestId, batchSize }) => [requestId, batchSize])).toEqual([
      [7n, 1n],
      [8n, 3n],
      [9n, 1n],
    ]);
  });

  it('a log each, even if two logs look like one request', () => {
    const requests = requestsOf(
      [call(ask(1n)), call(batch(1n, 1n))],
      [second(CLIENT, 7n, 1n), newest(CLIENT, 7n, 1n)],
    );
    expect(requests.map(({ requestId }) => requestId)).toEqual([7n, 7n]);
  });

  it('a request inside another one is logged first', () => {
    const outer = call(ask(1n), { valueWei: 10n });
    const pull = ERC20.encodeFunctionData('transferFrom', [CLIENT, ORACLE, 5n]);
    const pulling = call(pull, { from: ORACLE, to: USER, parent: forwarded(outer) });
    const inner = call(ask(1n), { from: USER, parent: pulling });
    const requests = requestsOf(
      [outer, pulling, inner],
      [second(USER, 1n, 1n), second(CLIENT, 2n, 1n)],
    );
    expect(requests.map(({ account, requestId }) => [account, requestId])).toEqual([
      [USER, 1n],
      [CLIENT, 2n],
    ]);
  });

  it('the frame that a proxy repeats counts once, a reverted one not at all', () => {
    const outer = call(ask(1n));
    const reverted = call(ask(2n), { reverted: true });
    const requests = requestsOf([outer, forwarded(outer), reverted], [second(CLIENT, 1n, 1n)]);
    expect(requests).toHaveLength(1);
  });

  it.each([
    ['no log', [call(ask(1n))], []],
    ['no call', [], [second(CLIENT, 1n, 1n)]],
    ['another model', [call(ask(1n))], [second(CLIENT, 1n, 2n)]],
    ['another input', [call(ask(1n))], [second(CLIENT, 1n, 1n, '0x02')]],
    ['another account', [call(ask(1n))], [second(USER, 1n, 1n)]],
  ])('with %s are refused', (_, frames, logs) => {
    expect(() => requestsOf(frames, logs)).toThrow(
      expect.objectContaining({ code: 'CHAIN_UNPAIRED_LOG' }),
    );
  });
});

describe('payouts', () => {
  const claim = call(NEWEST.encodeFunctionData('claimModelRevenue', [1n]));
  const pay = (frame: Partial<Frame> = {}) =>
    call('0x', { from: ORACLE, to: RECEIVER, valueWei: 5n, parent: forwarded(claim), ...frame });

  it('are the payment frame of the call, also behind a proxy', () => {
    expect(oracleOperations(record([claim, forwarded(claim), pay()], []), ORACLE)).toMatchObject([
      { kind: 'payout', cause: 'claim', caller: CLIENT, receiver: RECEIVER, amount: 5n },
    ]);
  });

  it('a payout in a token is its transfer', () => {
    const input = ERC20.encodeFunctionData('transfer', [RECEIVER, 9n]);
    const frames = [claim, pay({ to: USER, valueWei: 0n, input })];
    expect(oracleOperations(record(frames, []), ORACLE)).toMatchObject([
      { kind: 'payout', asset: USER, receiver: RECEIVER, amount: 9n },
    ]);
  });

  it.each([
    ['no payment', [claim]],
    ['two payments', [claim, pay(), pay()]],
  ])('with %s are refused', (_, frames) => {
    expect(() => oracleOperations(record(frames, []), ORACLE)).toThrow(
      expect.objectContaining({ code: 'CHAIN_UNCLEAR_PAYOUT' }),
    );
  });

  it('a removed model is gone after its payment, with what happened inside it', () => {
    const removal = call(NEWEST.encodeFunctionData('removeModel', [1n]));
    const payment = pay({ parent: forwarded(removal) });
    const inside = call(ask(1n), { from: RECEIVER, parent: payment });
    const frames = [removal, payment, inside];
    const operations = oracleOperations(record(frames, [second(RECEIVER, 1n, 1n)]), ORACLE);
    expect(operations.map(({ kind }) => kind)).toEqual(['payout', 'request', 'terms']);
  });
});

describe('results', () => {
  it('results by an unknown function are kept, and say so', () => {
    const result = log('AICallbackResult', [CLIENT, 7n, USER, '0xbeef']);
    const operations = oracleOperations(record([call('0x12345678')], [result]), ORACLE);
    expect(operations).toMatchObject([
      { kind: 'gasPriceCall', phase: 'entered' },
      { kind: 'gasPriceCall', phase: 'left' },
      { kind: 'result', requestId: 7n, isUpdate: null, invoker: USER, output: '0xbeef' },
    ]);
  });
});

describe('what cannot be read is refused', () => {
  it('a log of a known topic with other fields', () => {
    const good = second(CLIENT, 1n, 1n);
    for (const bad of [
      { ...good, topics: good.topics.slice(0, 2) },
      { ...good, data: good.data.slice(0, 66) },
    ]) {
      expect(() => oracleOperations(record([call(ask(1n))], [bad]), ORACLE)).toThrow(
        expect.objectContaining({ code: 'CHAIN_UNREADABLE_LOG' }),
      );
    }
  });

  it('a call of a known function with too few arguments', () => {
    const short = call(ask(1n).slice(0, 74));
    expect(() => oracleOperations(record([short], []), ORACLE)).toThrow(
      expect.objectContaining({ code: 'CHAIN_UNREADABLE_CALL' }),
    );
  });
});
