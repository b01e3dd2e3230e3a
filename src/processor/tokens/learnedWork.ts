import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import type { BlockWork } from './blockWork.js';
import type { TokenBook } from './book/tokenBook.js';
import type { LearnedChanges } from './terms/termsChanged.js';

/** The tokens of which it was found out that a block changed their terms or their code. */
export function learnedIn(
  books: ReadonlyMap<Address, TokenBook>,
  learned: LearnedChanges,
  block: number,
): Set<TokenBook> {
  const changed = [...books].filter(([token]) => learned.of(token, block - 1, block).length > 0);
  return new Set(changed.map(([, book]) => book));
}

/** Adds the blocks of such changes in which nothing is to be booked. */
export async function withLearned(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  work: readonly BlockWork[],
  learned: LearnedChanges,
): Promise<BlockWork[]> {
  const last = work.at(-1)?.header.number ?? -1;
  const known = new Set(work.map(({ header }) => header.number));
  const missing = new Set(
    [...books]
      .flatMap(([token, { bookedBlock }]) => learned.of(token, bookedBlock, last))
      .filter((block) => !known.has(block)),
  );
  const added: BlockWork[] = [];
  for (const block of missing) {
    const header = await node.blockHeader(block);
    const upgraded = learnedIn(books, learned, block);
    const nothing = { byBook: new Map(), openOrders: new Map(), destructions: new Map() };
    added.push({ header, upgraded, ...nothing });
  }
  if (added.length === 0) return [...work];
  return [...work, ...added].sort((one, other) => one.header.number - other.header.number);
}
