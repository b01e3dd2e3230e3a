import { describe, expect, it } from 'vitest';
import { functions } from '../../../src/abi/erc7641.js';
import type { Address } from '../../../src/address.js';
import type { ChainNode } from '../../../src/chain/node.js';
import type { TokenBook } from '../../../src/processor/tokens/book/tokenBook.js';
import { compareAtCommit } from '../../../src/processor/tokens/checks/commitCheck.js';

const TOKEN = `0x${'aa'.repeat(20)}` as Address;
const HOLDER = `0x${'bb'.repeat(20)}` as Address;

/** Books with a supply of 100, of which one holder that has just changed has 40. */
const books = [
  {
    token: { address: TOKEN, startBlock: 1 },
    state: { supply: 100n },
    balances: { loaded: () => [{ account: HOLDER, balance: 40n, isChanged: true }] },
  } as unknown as TokenBook,
];

/** A node whose contract has these figures at every block. */
function nodeOf(supply: bigint, balance: bigint): ChainNode {
  const views = (calls: readonly { readonly data: string }[]) =>
    Promise.resolve(
      calls.map(({ data }) => {
        const figure = data === functions.totalSupply.selector ? supply : balance;
        return `0x${figure.toString(16).padStart(64, '0')}`;
      }),
    );
  return { views } as unknown as ChainNode;
}

describe('before a commit of the backfill', () => {
  it('books that agree with the contract are committed', async () => {
    await expect(compareAtCommit(nodeOf(100n, 40n), books, 9)).resolves.toBeUndefined();
  });

  it('a supply that differs is not committed, although the holders agree', async () => {
    await expect(compareAtCommit(nodeOf(101n, 40n), books, 9)).rejects.toMatchObject({
      code: 'RPC_BOOKS_DIFFER',
      message: expect.stringMatching(/totalSupply\(\).* is 101, but the books say 100/),
    });
  });

  it('a holder that differs is not committed, although the supply agrees', async () => {
    await expect(compareAtCommit(nodeOf(100n, 41n), books, 9)).rejects.toMatchObject({
      code: 'RPC_BOOKS_DIFFER',
      message: expect.stringMatching(/balanceOf\(0xbb.*\).* is 41, but the books say 40/),
    });
  });
});
