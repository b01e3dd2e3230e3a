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

  it('compares eight changed holders of every token, however many tokens there are', async () => {
    const many = Array.from({ length: 60 }, (_, index) => bookOf(index, 20));
    const asked: string[][] = [];
    const node = nodeOf(100n, 40n);
    const counting = {
      views: (calls: readonly { readonly to: string; readonly data: string }[], block: number) => {
        asked.push(calls.map(({ to, data }) => `${to} ${data.slice(0, 10)}`));
        return node.views(calls as Parameters<ChainNode['views']>[0], block);
      },
    } as unknown as ChainNode;
    await compareAtCommit(counting, many, 9);
    // All tokens in one question.
    expect(asked).toHaveLength(1);
    for (const { token } of many) {
      const own = (asked[0] ?? []).filter((call) => call.startsWith(token.address));
      expect(own).toEqual([
        `${token.address} ${functions.totalSupply.selector}`,
        ...Array(8).fill(`${token.address} ${functions.balanceOf.selector}`),
      ]);
    }
  });

  it('a holder of the last of many tokens that differs is not committed', async () => {
    const many = Array.from({ length: 60 }, (_, index) => bookOf(index, index === 59 ? 8 : 0));
    await expect(compareAtCommit(nodeOf(100n, 41n), many, 9)).rejects.toMatchObject({
      code: 'RPC_BOOKS_DIFFER',
    });
  });
});

/** Books with a supply of 100, and holders that have just changed and have 40 each. */
function bookOf(index: number, changed: number): TokenBook {
  const address = (kind: number, number: number) =>
    `0x${(kind * 1_000_000 + number).toString(16).padStart(40, '0')}` as Address;
  const holders = Array.from({ length: changed }, (_, number) => ({
    account: address(2, number),
    balance: 40n,
    isChanged: true,
  }));
  return {
    token: { address: address(1, index), startBlock: 1 },
    state: { supply: 100n },
    balances: { loaded: () => holders },
  } as unknown as TokenBook;
}
