import { functions as erc20 } from '../../../abi/erc20.js';
import { functions as erc7641 } from '../../../abi/erc7641.js';
import { type Address, checksummed } from '../../../address.js';
import type { ChainNode } from '../../../chain/node.js';
import { ImoError } from '../../../errors.js';
import type { TokenBook } from '../book/tokenBook.js';

/** Holders of a token that are compared at a commit. */
const HOLDERS_AT_MOST = 8;

/** A figure of a contract, and what the books have for it. */
interface Figure {
  readonly what: string;
  readonly to: Address;
  readonly data: string;
  readonly ours: bigint;
}

/**
 * Compares the supply of each token, and balances of some holders that changed since the last
 * commit, with the contract at the end of a block. It is the last line of defence against a block
 * that was left out: figures that come from one log too few differ here.
 *
 * @throws ImoError `RPC_BOOKS_DIFFER`: the blocks since the last commit are read again, one by one
 */
export async function compareAtCommit(
  node: ChainNode,
  books: readonly TokenBook[],
  block: number,
): Promise<void> {
  const figures = figuresAt(books, block);
  const answers = await node.views(figures, block);
  for (const [index, { what, to, ours }] of figures.entries()) {
    const answer = answers[index] ?? null;
    if (answer === null || BigInt(answer) === ours) continue;
    throw new ImoError(
      'RPC_BOOKS_DIFFER',
      `${what} of ${checksummed(to)} at block ${block} is ${BigInt(answer)}, but the books say ${ours}`,
      'Nothing was committed. A source left something out, so the indexer reads these blocks again, one by one.',
    );
  }
}

/** Asks ahead for what `compareAtCommit` will ask. */
export function askFigures(
  ahead: ChainNode,
  books: readonly TokenBook[],
  block: number,
): Promise<unknown> {
  return ahead.views(figuresAt(books, block), block);
}

function figuresAt(books: readonly TokenBook[], block: number): Figure[] {
  return books.filter(({ token: { startBlock } }) => startBlock <= block).flatMap(figuresOf);
}

function figuresOf({ token: { address: to }, state, balances }: TokenBook): Figure[] {
  const supply = { what: 'totalSupply()', to, data: erc7641.totalSupply.selector };
  const figures: Figure[] = [{ ...supply, ours: state.supply }];
  for (const { account, balance, isChanged } of balances.loaded()) {
    if (!isChanged) continue;
    const data = erc20.balanceOf.encode({ account });
    figures.push({ what: `balanceOf(${account})`, to, data, ours: balance });
    if (figures.length > HOLDERS_AT_MOST) break;
  }
  return figures;
}
