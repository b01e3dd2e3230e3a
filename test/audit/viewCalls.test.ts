import fc from 'fast-check';
import { expect, test } from 'vitest';
import { functions } from '../../src/abi/erc7641.js';
import { functions as multicall } from '../../src/abi/multicall3.js';
import type { Address } from '../../src/address.js';
import { aggregateData, viewCallData } from '../../src/audit/questions/viewCalls.js';

const hex = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`;
const addresses = fc
  .uint8Array({ minLength: 20, maxLength: 20 })
  .map((bytes) => hex(bytes) as Address);
const numbers = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });

test('call data of views are those of the general encoder', () => {
  fc.assert(
    fc.property(addresses, numbers, (account, snapshotId) => {
      expect(viewCallData(functions.claimableRevenue, account, snapshotId)).toBe(
        functions.claimableRevenue.encode({ account, snapshotId }),
      );
    }),
  );
  expect(() => viewCallData(functions.redeemableOnBurn, 2n ** 256n)).toThrow('is not a uint256');
  expect(() => viewCallData(functions.redeemableOnBurn, -1n)).toThrow('is not a uint256');
});

test('many views in one call are encoded as by the general encoder, whatever their data', () => {
  const calls = fc.array(
    fc.record({ to: addresses, data: fc.uint8Array({ maxLength: 100 }).map(hex) }),
    { maxLength: 9 },
  );
  fc.assert(
    fc.property(calls, (asked) => {
      const expected = multicall.aggregate3.encode({
        calls: asked.map(({ to, data }) => ({ target: to, allowFailure: true, callData: data })),
      });
      expect(aggregateData(asked)).toBe(expected);
    }),
  );
});
