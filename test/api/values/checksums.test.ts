import { createHash } from 'node:crypto';
import { getAddress } from 'ethers';
import { expect, test } from 'vitest';
import type { Address } from '../../../src/address.js';
import { checksummedQuickly } from '../../../src/api/values/checksums.js';

function addressOf(index: number): Address {
  return `0x${createHash('sha256').update(String(index)).digest('hex').slice(0, 40)}`;
}

test('addresses have the form of EIP-55, the first time and every other time', () => {
  for (let round = 0; round < 2; round++) {
    for (let index = 0; index < 2000; index++) {
      const address = addressOf(index);
      expect(checksummedQuickly(address)).toBe(getAddress(address));
    }
  }
});

test('addresses with the same first digits stay distinct', () => {
  const alike = [1, 2, 3].map((index): Address => `0xabcde${addressOf(index).slice(7)}`);
  for (const address of [...alike, ...alike.toReversed()]) {
    expect(checksummedQuickly(address)).toBe(getAddress(address));
  }
});
