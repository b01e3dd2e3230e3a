import { Interface } from 'ethers';
import { describe, expect, it } from 'vitest';
import { countsOnlyIfPaid, meaningOf } from '../../../src/chain/reading/payingCalls.js';
import { selectorOf } from '../../../src/chain/reading/tree/frames.js';

const ALICE = '0x00000000000000000000000000000000000a11ce';
const call = (signature: string, args: unknown[]) => {
  const contract = new Interface([`function ${signature}`]);
  return contract.encodeFunctionData(contract.fragments[0]?.format() ?? '', args);
};
const claimOf = (account: string | null, ...ids: bigint[]) => ({
  does: 'claim',
  account,
  snapshotIds: ids,
});

describe('a call that pays holders', () => {
  it.each([
    ['claim(uint256)', [7n], claimOf(null, 7n)],
    ['claimBatch(uint256[])', [[1n, 2n]], claimOf(null, 1n, 2n)],
    ['claim(address,uint256)', [ALICE, 7n], { ...claimOf(ALICE, 7n), isLoose: true }],
    ['claimFor(address,uint256)', [ALICE, 7n], claimOf(ALICE, 7n)],
    ['claimBatchFor(address,uint256[])', [ALICE, [3n, 1n]], claimOf(ALICE, 3n, 1n)],
    ['claimTo(uint256,address)', [7n, ALICE], claimOf(null, 7n)],
    ['claimTo(address,uint256)', [ALICE, 7n], claimOf(null, 7n)],
    ['claimAll()', [], { does: 'claim', account: null, snapshotIds: 'all' }],
    ['claimAll(address)', [ALICE], { does: 'claim', account: ALICE, snapshotIds: 'all' }],
    ['burn(uint256)', [9n], { does: 'burn', account: null, amount: 9n }],
    ['burnFrom(address,uint256)', [ALICE, 9n], { does: 'burn', account: ALICE, amount: 9n }],
  ])('%s says whose share or tokens it takes', (signature, args, meaning) => {
    expect(meaningOf(call(signature, args))).toEqual(meaning);
  });

  it('counts without a payment only where ERC-7641 says that it pays', () => {
    const counts = (signature: string, args: unknown[]) =>
      !countsOnlyIfPaid(selectorOf(call(signature, args)));
    expect(counts('burn(uint256)', [1n])).toBe(true);
    expect(counts('burnFrom(address,uint256)', [ALICE, 1n])).toBe(false);
    expect(counts('claimAll()', [])).toBe(false);
  });
});
