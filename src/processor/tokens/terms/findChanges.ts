import type { Address } from '../../../address.js';
import {
  changesBetween,
  readTerms,
  type SaidChange,
  sayTerms,
} from '../../../chain/contract/terms.js';
import type { ChainNode } from '../../../chain/node.js';
import type { SourceBlock } from '../../../chain/reading/source.js';
import { areSameTerms } from '../../../ledger/terms.js';
import type { TokenBook } from '../book/tokenBook.js';
import { termsSaid } from './assertTerms.js';
import type { FoundChange } from './foundChange.js';
import { type LearnedChanges, lateChange } from './termsChanged.js';
import { type TermsTrigger, triggersIn } from './triggers.js';

/** A block to read the terms of a token at. */
interface Point {
  readonly book: TokenBook;
  readonly block: number;
  readonly hash: string | null;
  readonly trigger: TermsTrigger | null;
  /** Whatever was called. */
  readonly isDue: boolean;
}

/**
 * Finds the changes of terms in a run of blocks before it is booked. Asked are the blocks in which
 * something may have changed them (samples of them where it never did, see `QuietCalls`), and the last
 * block where a commit follows: what changed without any sign is found there, and its block by bisection.
 *
 * Each change is noted with its books, which take it in when they come to its block.
 *
 * @throws TermsChangedError where the change is in a block that is booked already;
 *   ContractTroubleError `TOKEN_UPGRADED` where a contract lost its policy
 */
export async function findChanges(
  node: ChainNode,
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  { settle, learned }: { readonly settle: boolean; readonly learned: LearnedChanges },
): Promise<void> {
  const all = pointsIn(books, blocks, settle, learned);
  let points = all.filter(isDue);
  const asked = new Map(points.map(({ book }) => [book, book.seen.newest.terms]));
  let holds = await stillSaid(node, points);
  const changed = new Set(
    points.flatMap(({ book }, index) => (holds[index] === false ? book : [])),
  );
  if (changed.size > 0) {
    // Where terms changed, nothing is passed over.
    const isAsked = new Set(points);
    points = all.filter((point) => isAsked.has(point) || changed.has(point.book));
    if (points.length > isAsked.size) holds = await stillSaid(node, points);
  }
  const headers = new Map(blocks.map(({ header }) => [header.height, headerOf(header)]));
  for (const [index, point] of points.entries()) {
    const { book, block, trigger } = point;
    const before = book.seen.newest;
    if (holds[index] === null) continue;
    if (holds[index] === true && before.terms === asked.get(book)) {
      book.seen.add({ block, terms: before.terms });
      continue;
    }
    for (const change of await changesUpTo(node, point, before)) {
      book.seen.add(change);
      const header = headers.get(change.block) ?? (await node.blockHeader(change.block));
      const transaction = change.block === block ? onlyTransaction(trigger) : null;
      book.changesToCome.push({ header, terms: change.terms, transaction });
      if (trigger !== null) book.seen.quietCalls.changed(trigger.selectors);
    }
  }
}

function isDue({ book, trigger, isDue }: Point): boolean {
  return isDue || trigger === null || book.seen.quietCalls.isDue(trigger.selectors);
}

function stillSaid(node: ChainNode, points: readonly Point[]): Promise<(boolean | null)[]> {
  return sayTerms(
    node,
    points.map(({ book, block, hash }) => ({
      ...book.subject,
      terms: book.seen.newest.terms,
      block: hash === null ? block : { hash },
    })),
  );
}

function pointsIn(
  books: ReadonlyMap<Address, TokenBook>,
  blocks: readonly SourceBlock[],
  settle: boolean,
  learned: LearnedChanges,
): Point[] {
  const last = blocks.at(-1)?.header;
  if (last === undefined) return [];
  const tokens = new Set<string>(books.keys());
  const byBook = new Map<TokenBook, Map<number, Point>>();
  const add = (point: Point) => {
    const { book, block } = point;
    const known = byBook.get(book) ?? new Map<number, Point>();
    byBook.set(book, known);
    // Before the end of the first block the terms are those of the first block.
    if (block <= Math.max(book.token.startBlock, book.bookedBlock)) return;
    const other = known.get(block);
    known.set(block, other === undefined ? point : { ...other, isDue: true });
  };
  for (const block of blocks) {
    const { height, hash } = block.header;
    for (const [token, trigger] of triggersIn(block, tokens)) {
      const book = books.get(token);
      if (book !== undefined) add({ book, block: height, hash, trigger, isDue: false });
    }
  }
  for (const [token, book] of books) {
    for (const block of learned.of(token, book.bookedBlock, last.height)) {
      add({ book, block, hash: null, trigger: null, isDue: true });
    }
    if (settle) {
      const { height: block, hash } = last;
      add({ book, block, hash, trigger: null, isDue: true });
    }
  }
  const points = [...byBook.values()].flatMap((of) => [...of.values()]);
  return points.sort((one, other) => one.block - other.block);
}

/** The changes up to a point, after the block at which the terms were last seen. */
async function changesUpTo(
  node: ChainNode,
  { book, block, hash, trigger }: Point,
  before: SaidChange,
): Promise<SaidChange[]> {
  const terms = await termsSaid(node, book, before, { number: block, hash });
  if (terms === null) return [];
  const to = { block, terms };
  if (areSameTerms(before.terms, terms)) {
    book.seen.add({ block, terms: before.terms });
    return [];
  }
  const from = await confirmed(node, book, before);
  const moved = from.terms === before.terms ? [] : [from];
  const changes = [...moved, ...(await located(node, book, from, to, trigger !== null))];
  const [first] = changes;
  if (first !== undefined && first.block <= book.bookedBlock) {
    throw lateChange(book.subject, first.block, before.terms, first.terms);
  }
  return changes;
}

/**
 * What the contract says again of the block at which its terms were last seen: a node under load may
 * have answered with the state of another block, and then the change would be booked too late.
 */
async function confirmed(
  node: ChainNode,
  { subject, seen }: TokenBook,
  before: SaidChange,
): Promise<SaidChange> {
  if (!seen.wasAsked(before)) return before;
  const terms = await readTerms(node, subject, before.block);
  const isSame = typeof terms === 'string' || areSameTerms(before.terms, terms);
  return isSame ? before : { block: before.block, terms };
}

/** Where something may have changed the terms it mostly did: the block before has the terms before. */
async function located(
  node: ChainNode,
  { subject }: TokenBook,
  from: SaidChange,
  to: SaidChange,
  isTriggered: boolean,
): Promise<SaidChange[]> {
  if (!isTriggered || to.block - from.block <= 1) return changesBetween(node, subject, from, to);
  const said = await readTerms(node, subject, to.block - 1);
  const middle = { block: to.block - 1, terms: typeof said === 'string' ? from.terms : said };
  return [
    ...(await changesBetween(node, subject, from, middle)),
    ...(await changesBetween(node, subject, middle, to)),
  ];
}

function headerOf({ height: number, hash, timestamp: timestampMs }: SourceBlock['header']) {
  return { number, hash, timestampMs };
}

function onlyTransaction(trigger: TermsTrigger | null): FoundChange['transaction'] {
  const [only, ...others] = trigger?.transactions ?? [];
  return only === undefined || others.length > 0 ? null : { index: only[0], hash: only[1] };
}
