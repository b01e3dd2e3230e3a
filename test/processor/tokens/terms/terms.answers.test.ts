import { id } from 'ethers';
import { expect, test } from 'vitest';
import type { Address } from '../../../../src/address.js';
import type { BlockTag, ChainNode } from '../../../../src/chain/node.js';
import type { SourceBlock } from '../../../../src/chain/reading/source.js';
import { policyNamed } from '../../../../src/ledger/policies/registry.js';
import type { ContractTerms } from '../../../../src/ledger/terms.js';
import type { TokenBook } from '../../../../src/processor/tokens/book/tokenBook.js';
import { findChanges } from '../../../../src/processor/tokens/terms/findChanges.js';
import { SeenTerms } from '../../../../src/processor/tokens/terms/seenTerms.js';
import {
  LearnedChanges,
  TermsChangedError,
} from '../../../../src/processor/tokens/terms/termsChanged.js';

const ADDRESS: Address = '0x5fbdb2315678afecb367f032d93f642f64180aa3';
const CHANGED_IN = 20;
const selector = (signature: string) => id(signature).slice(0, 10);
const PERCENT = selector('percentClaimable()');

const TERMS: ContractTerms = {
  percentClaimable: 80n,
  window: 2,
  interval: 10n,
  intervalUnit: 'blocks',
  isPaused: null,
};
const ANSWERS = new Map([
  [selector('totalSupply()'), 1000n],
  [selector('SNAPSHOT_CLAIMABLE_NUMBER()'), 2n],
  [selector('snapshotInterval()'), 10n],
  [selector('lastSnapshotBlock()'), 3n],
]);

/** 80 %, and 60 % from block 20 on; while `isLate`, it answers with the state of the block before. */
function nodeWith(state: { isLate: boolean }): ChainNode {
  const numberOf = (block: BlockTag) =>
    typeof block === 'object' ? Number.parseInt(block.hash.slice(2), 16) : Number(block);
  const answer = (data: string, block: BlockTag) => {
    const percent = numberOf(block) - Number(state.isLate) >= CHANGED_IN ? 60n : 80n;
    const word = data === PERCENT ? percent : ANSWERS.get(data);
    return word === undefined ? null : `0x${word.toString(16).padStart(64, '0')}`;
  };
  const node = {
    views: async (calls: { data: string }[], block: BlockTag) =>
      calls.map(({ data }) => answer(data, block)),
    viewsAt: async (calls: { data: string; block: BlockTag }[]) =>
      calls.map(({ data, block }) => answer(data, block)),
    blockHeader: async (number: number) => ({ number, hash: '0x', timestampMs: 0 }),
  };
  return node as unknown as ChainNode;
}

function bookAt(bookedBlock: number) {
  const policy = policyNamed('windowed');
  const book = {
    token: { address: ADDRESS, startBlock: 1 },
    bookedBlock,
    seen: new SeenTerms({ block: 1, terms: TERMS }),
    changesToCome: [],
    subject: { address: ADDRESS, policy },
  };
  return book as unknown as TokenBook;
}

const blockOf = (height: number) =>
  ({
    header: { height, hash: `0x${height.toString(16)}`, timestamp: 0 },
    traces: [],
    logs: [],
  }) as unknown as SourceBlock;

function find(node: ChainNode, book: TokenBook, height: number, learned = new LearnedChanges()) {
  const books = new Map([[ADDRESS, book]]);
  return findChanges(node, books, [blockOf(height)], { settle: true, learned });
}

test('a change without a sign is found at the next commit, and its block by bisection', async () => {
  const book = bookAt(5);
  await find(nodeWith({ isLate: false }), book, 40);
  const changes = book.changesToCome.map(({ header, terms }) => [header.number, terms]);
  expect(changes).toEqual([[CHANGED_IN, { ...TERMS, percentClaimable: 60n }]]);
});

test('an answer with the state of the block before does not date a change too late', async () => {
  const state = { isLate: true };
  const node = nodeWith(state);
  const book = bookAt(19);
  await find(node, book, CHANGED_IN);
  expect(book.changesToCome).toEqual([]);
  book.bookedBlock = CHANGED_IN;
  book.seen.settle();
  state.isLate = false;
  const learned = new LearnedChanges();
  const error = await find(node, book, CHANGED_IN + 1, learned).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(TermsChangedError);
  expect(error).toMatchObject({ token: ADDRESS, block: CHANGED_IN });
});
