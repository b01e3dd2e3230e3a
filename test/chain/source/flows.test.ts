import { describe, expect, it } from 'vitest';
import type { MappedBlock } from '../../../src/chain/source/mappedBlock.js';
import { explains } from '../../../src/chain/source/proofs/flows.js';

const TOKEN = `0x${'aa'.repeat(20)}`;
const OTHER = `0x${'bb'.repeat(20)}`;

const call = (callType: string, from: string, to: string, value = 0n) => ({
  type: 'call',
  transactionIndex: 0,
  traceAddress: [],
  action: { callType, from, to, value },
});
const destruction = (balance: bigint) => ({
  type: 'suicide',
  transactionIndex: 0,
  traceAddress: [],
  action: { address: OTHER, refundAddress: TOKEN, balance },
});

/** Whether the frames explain that the token had 100 wei and has `wei`, with other storage or not. */
function doExplain(traces: readonly object[], wei: bigint, isWritten: boolean): boolean {
  const block = { logs: [], traces } as unknown as MappedBlock;
  const before = { balance: 100n, storageHash: '0x01' };
  const after = { balance: wei, storageHash: isWritten ? '0x02' : '0x01' };
  return explains(block, TOKEN, before, after);
}

describe('what was read of a block', () => {
  it('explains a balance to the wei, or a transaction is missing', () => {
    const frames = [call('call', OTHER, TOKEN, 9n), call('call', TOKEN, OTHER, 4n)];
    expect(doExplain(frames, 105n, true)).toBe(true);
    expect(doExplain(frames, 104n, true)).toBe(false);
    expect(doExplain([destruction(7n)], 107n, false)).toBe(true);
  });

  it('explains that storage was written only by a frame in which the token may write', () => {
    expect(doExplain([call('call', OTHER, TOKEN)], 100n, true)).toBe(true);
    expect(doExplain([call('staticcall', OTHER, TOKEN)], 100n, true)).toBe(false);
    expect(doExplain([destruction(0n)], 100n, true)).toBe(false);
    expect(doExplain([], 100n, true)).toBe(false);
    expect(doExplain([], 100n, false)).toBe(true);
  });
});
