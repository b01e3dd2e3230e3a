import { AbiCoder, keccak256 } from 'ethers';
import { describe, expect, it } from 'vitest';
import { searchPreimages } from '../../../src/chain/collection/preimages.js';
import type { Frame, TransactionRecord } from '../../../src/chain/reading/tree/frames.js';

function frame(input: string, parent: Frame | null = null): Frame {
  const from = `0x${'aa'.repeat(20)}` as const;
  const to = `0x${'cc'.repeat(20)}` as const;
  const call = { kind: 'call', isCall: true, isDelegateCall: false, reverted: false } as const;
  return { ...call, from, to, valueWei: 0n, input, parent };
}

function record(frames: Frame[]): TransactionRecord {
  return {
    transactionIndex: 0,
    transactionHash: '0x01',
    frames,
    logs: [],
    framesBeforeLog: null,
  };
}

/** Call data of an unknown function. */
const callData = (types: string[], values: unknown[]) =>
  `0x12345678${AbiCoder.defaultAbiCoder().encode(types, values).slice(2)}`;

function found(input: string | Frame[], ...wanted: string[]) {
  const frames = typeof input === 'string' ? [frame(input)] : input;
  const hashes = new Set(wanted.map((bytes) => keccak256(bytes)));
  return [...searchPreimages(record(frames), hashes).values()].sort();
}

describe('the preimage of a hash is found in call data of any function', () => {
  it('as bytes, as text, inside a list, and inside bytes that are encoded themselves', () => {
    const inner = AbiCoder.defaultAbiCoder().encode(['bytes'], ['0x0304']);
    const input = callData(
      ['bytes', 'string', 'bytes[]', 'bytes'],
      ['0x01', '\u0002', ['0xee', '0x05'], inner],
    );
    const wanted = ['0x01', '0x02', '0x05', '0x0304'];
    expect(found(input, ...wanted)).toEqual(wanted.toSorted());
  });

  it('in a call around the one that the source shows', () => {
    const outer = frame(callData(['bytes'], ['0x77']));
    expect(found([frame('0x12345678', outer)], '0x77')).toEqual(['0x77']);
  });

  it('bytes without their length, or longer ones, do not count', () => {
    expect(found(callData(['bytes32'], [`0x${'01'.repeat(32)}`]), `0x${'01'.repeat(32)}`)).toEqual(
      [],
    );
    expect(found(callData(['bytes'], ['0x0102']), '0x01')).toEqual([]);
  });

  it('empty bytes are known without a search', () => {
    expect(found('0x', '0x')).toEqual(['0x']);
  });

  it('lengths that lead out of the call data are ignored', () => {
    expect(found(`0x12345678${'ff'.repeat(64)}${'00'.repeat(31)}40`, '0x01')).toEqual([]);
  });
});
