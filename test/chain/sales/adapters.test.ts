import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { functions as erc20 } from '../../../src/abi/erc20.js';
import { events as fixedPriceEvents } from '../../../src/abi/fixedPriceSale.js';
import { functions as launchpadFunctions } from '../../../src/abi/launchpadSale.js';
import type { Address } from '../../../src/address.js';
import type { Frame, LogEntry, TransactionRecord } from '../../../src/chain/reading/tree/frames.js';
import type { SaleContract } from '../../../src/chain/sales/adapter.js';
import { saleAdapter } from '../../../src/chain/sales/byKind.js';
import { resolveMapping, type WrittenMapping } from '../../../src/config/sales/customSale.js';

const address = (digits: string): Address => `0x${digits.repeat(20)}`;
const [SALE, TOKEN, ANN, BOB] = ['5a', '70', 'aa', 'bb'].map(address) as [
  Address,
  Address,
  Address,
  Address,
];
const contract: SaleContract = { address: SALE, token: TOKEN, raiseAsset: null };

function record(logs: Partial<LogEntry>[], frames: Frame[] = []): TransactionRecord {
  return {
    transactionIndex: 3,
    transactionHash: '0x77',
    frames,
    logs: logs.map((log, logIndex) => ({
      address: SALE,
      logIndex,
      topics: [],
      data: '0x',
      ...log,
    })),
    framesBeforeLog: null,
  } as TransactionRecord;
}

function call(from: Address, to: Address, input: string, rest: Partial<Frame> = {}): Frame {
  return {
    kind: 'call',
    isCall: true,
    isDelegateCall: false,
    from,
    to,
    valueWei: 0n,
    input,
    reverted: false,
    parent: null,
    ...rest,
  } as Frame;
}

describe('an event is known by its ABI, never by its name', () => {
  const adapter = saleAdapter('fixed-price', contract);
  const topic = fixedPriceEvents.TokensPurchased.topic;
  const word = (value: string) => value.slice(2).padStart(64, '0');

  it('another number of indexed fields is refused', () => {
    const topics = [topic, `0x${word(ANN)}`];
    const data = `0x${word(BOB)}${word('0x01')}${word('0x02')}`;
    expect(() => adapter.entriesOf(record([{ topics, data }]))).toThrow(
      expect.objectContaining({ code: 'SALE_EVENT_SHAPE' }),
    );
  });

  it('fields that do not fit are refused', () => {
    const topics = [topic, `0x${word(ANN)}`, `0x${word(BOB)}`];
    expect(() => adapter.entriesOf(record([{ topics, data: `0x${word('0x01')}` }]))).toThrow(
      expect.objectContaining({ code: 'SALE_EVENT_SHAPE' }),
    );
  });

  it('other types have another topic, and are not asked for', () => {
    const other = new Interface([
      'event TokensPurchased(address indexed buyer, uint256 value, uint256 amount)',
    ]).getEvent('TokensPurchased');
    expect(adapter.topics).not.toContain(other?.topicHash);
    const topics = [other?.topicHash ?? '', `0x${word(ANN)}`];
    expect(adapter.entriesOf(record([{ topics }]))).toEqual([]);
  });

  it('logs of other contracts are not its own', () => {
    const topics = [topic, `0x${word(ANN)}`, `0x${word(BOB)}`];
    const data = `0x${word('0x01')}${word('0x02')}`;
    expect(adapter.entriesOf(record([{ address: TOKEN, topics, data }]))).toEqual([]);
  });
});

describe('a described sale', () => {
  const abi = [
    'event Bought(address indexed who, address by, uint96 paid, uint256 got)',
    'event Left(address who, uint256 tokens, uint256 money)',
    'event Done()',
  ];
  const codec = new Interface(abi);
  const log = (name: string, values: unknown[]) =>
    codec.encodeEventLog(name, values) as { topics: string[]; data: string };
  const entriesOf = (mapping: WrittenMapping, ...logs: Partial<LogEntry>[]) => {
    const { sale, problems } = resolveMapping(abi, mapping);
    expect(problems).toEqual([]);
    return saleAdapter('custom', contract, sale)
      .entriesOf(record(logs))
      .map(({ kind, participant, caller, raiseAmount, tokenAmount, isDelivered }) => [
        kind,
        participant,
        caller,
        raiseAmount,
        tokenAmount,
        isDelivered,
      ]);
  };
  const purchase = {
    event: 'Bought',
    participant: 'who',
    caller: 'by',
    raiseAmount: 'paid',
    tokenAmount: 'got',
  };
  const tokenClaim = { event: 'Left', participant: 'who', tokenAmount: 'tokens' };
  const refund = {
    event: 'Left(address,uint256,uint256)',
    participant: 'who',
    raiseAmount: 'money',
  };

  it('without a token claim pays purchases out at once', () => {
    const bought = log('Bought', [ANN, BOB, 5n, 9n]);
    expect(entriesOf({ purchase }, bought)).toEqual([['purchase', ANN, BOB, 5n, 9n, true]]);
    expect(entriesOf({ purchase, tokenClaim }, bought)).toEqual([
      ['purchase', ANN, BOB, 5n, 9n, false],
    ]);
  });

  it('without purchase and allocation allocates what is claimed', () => {
    expect(entriesOf({ tokenClaim }, log('Left', [ANN, 7n, 0n]))).toEqual([
      ['allocation', ANN, null, 0n, 7n, false],
      ['token-claim', ANN, null, 0n, 7n, false],
    ]);
  });

  it('one log is several entries, less those that moved nothing', () => {
    const mapping = { purchase, tokenClaim, refund, finalisation: { event: 'Done' } };
    const logs = [
      log('Left', [ANN, 7n, 3n]),
      log('Left', [BOB, 0n, 4n]),
      log('Left', [ANN, 0n, 0n]),
      log('Done', []),
    ];
    expect(entriesOf(mapping, ...logs)).toEqual([
      ['token-claim', ANN, null, 0n, 7n, false],
      ['refund', ANN, null, 3n, 0n, false],
      ['refund', BOB, null, 4n, 0n, false],
      ['finalisation', null, null, 0n, 0n, false],
    ]);
  });
});

describe('a launchpad that moves money otherwise is refused', () => {
  const adapter = saleAdapter('launchpad', contract);
  const refused = (...frames: Frame[]) => {
    expect(() => adapter.entriesOf(record([], frames))).toThrow(
      expect.objectContaining({ code: 'SALE_UNEXPLAINED_PAYMENT' }),
    );
  };
  const claim = call(ANN, SALE, launchpadFunctions.claim.encode({}));
  const transfer = (to: Address) => erc20.transfer.encode({ to, amount: 5n });

  it('money by an unknown function', () => {
    refused(call(ANN, SALE, '0x12345678', { valueWei: 1n }));
  });

  it('money out of an unknown function', () => {
    refused(call(SALE, ANN, '0x', { valueWei: 1n }));
  });

  it('a claim that pays somebody else, or something else', () => {
    refused(claim, call(SALE, TOKEN, transfer(BOB), { parent: claim }));
    refused(claim, call(SALE, ANN, '0x', { valueWei: 1n, parent: claim }));
  });

  it('but code behind a proxy is the sale itself', () => {
    const logic = call(SALE, BOB, claim.input, {
      isCall: false,
      isDelegateCall: true,
      parent: claim,
    });
    const paid = call(SALE, TOKEN, transfer(ANN), { parent: logic });
    expect(adapter.entriesOf(record([], [claim, logic, paid]))).toMatchObject([
      { kind: 'token-claim', participant: ANN, tokenAmount: 5n },
    ]);
  });
});
