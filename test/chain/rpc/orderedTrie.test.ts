import { randomBytes } from 'node:crypto';
import { createMPT } from '@ethereumjs/mpt';
import { toBeArray } from 'ethers';
import { expect, it } from 'vitest';
import { EMPTY_ROOT, rootOfList } from '../../../src/chain/rpc/blocks/orderedTrie.js';
import { rlp } from '../../../src/chain/rpc/blocks/rlp.js';

it('the root of a list is that of another implementation, for lists of every shape of trie', async () => {
  expect(rootOfList([])).toBe(EMPTY_ROOT);
  // Keys get a second byte at 128, and a third at 256; short nodes are in their parents.
  for (const length of [1, 2, 17, 128, 129, 257]) {
    for (const size of [1, 40, 700]) {
      const values = Array.from({ length }, () => randomBytes(size).fill(1, 0, 1));
      const trie = await createMPT();
      for (const [index, value] of values.entries()) await trie.put(rlp(toBeArray(index)), value);
      const expected = `0x${Buffer.from(trie.root()).toString('hex')}`;
      expect(rootOfList(values), `${length} values of ${size} bytes`).toBe(expected);
    }
  }
});
