import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src/address.js';
import type { ChainNode } from '../../../src/chain/node.js';
import { findUntraced } from '../../../src/chain/reading/untraced/untraced.js';
import type { BalanceCheck } from '../../../src/chain/reading/untraced/untracedCauses.js';

const ADDRESS: Address = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const HASH = `0x${'11'.repeat(32)}`;

/** Answers in the order in which it is asked. */
function nodeOf(answers: readonly bigint[]): ChainNode {
  const left = [...answers];
  const node = {
    balances: async () => [left.shift() ?? 0n],
    distrust: () => undefined,
    blockHeader: async (number: number) => ({ number, hash: HASH, timestampMs: 0 }),
    payouts: async () => ({ proposer: '0x', withdrawals: [] }),
  };
  return node as unknown as ChainNode;
}

const check = {
  token: { address: ADDRESS, startBlock: 1 },
  block: { number: 9, hash: HASH, timestampMs: 0 },
  asset: null,
  settledWei: 100n,
  checkedBlock: 8,
  wasCompared: true,
  computedWei: 100n,
  actualWei: 107n,
  hasOrder: false,
  deciding: new Set(),
  destructions: [],
} as unknown as BalanceCheck;

describe('money without a frame', () => {
  it('is not booked when the next two answers are what the books say', async () => {
    expect(await findUntraced(nodeOf([100n, 100n]), check)).toEqual([]);
    expect(await findUntraced(nodeOf([107n, 100n, 100n]), check)).toEqual([]);
  });

  it('is not booked when no two answers in a row agree', async () => {
    const answers = [107n, 100n, 107n, 100n, 107n, 100n];
    await expect(findUntraced(nodeOf(answers), check)).rejects.toMatchObject({
      code: 'RPC_BALANCES_DIFFER',
    });
  });

  it('is not booked when the answers about the block before differ', async () => {
    await expect(
      findUntraced(nodeOf([107n, 107n, 107n, 100n, 107n, 100n, 107n, 100n]), check),
    ).rejects.toMatchObject({
      code: 'RPC_BALANCES_DIFFER',
    });
  });

  it('is booked when all answers agree', async () => {
    const found = await findUntraced(nodeOf([107n, 107n, 100n, 100n]), check);
    expect(found.map(({ receipt }) => receipt.amountWei)).toEqual([7n]);
  });

  it('is not booked in a later block than the one where a wrong answer hid it', async () => {
    const everySays107 = nodeOf([107n, 107n, 107n, 107n, 107n, 107n]);
    await expect(findUntraced(everySays107, check)).rejects.toMatchObject({
      name: 'RereadError',
      block: 8,
    });
  });

  it('is booked in the block after one where the books agreed', async () => {
    const answers = [107n, 107n, 107n, 107n, 100n, 100n, 107n, 107n];
    const [found] = await findUntraced(nodeOf(answers), { ...check, checkedBlock: 7 });
    expect(found).toMatchObject({ block: { number: 8 }, receipt: { amountWei: 7n } });
  });
});
