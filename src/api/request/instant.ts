import { type AsOf, type Moment, resolveAsOf } from '../../store/read/chains/asOf.js';
import type { ChainHead } from '../../store/read/chains/chainHeads.js';
import type { IndexedTokens } from '../../store/read/chains/indexedTokens.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenAsOf } from '../../store/read/tokens/poolVersions.js';
import type { BooksMemory, KnownBooks, ReadPool, SharedQuestion } from '../reads/booksMemory.js';

/** The books have changed since they were read: what was made of them is not to be seen by anybody. */
class BooksChangedError extends Error {
  override readonly name = 'BooksChangedError';
}

/**
 * Takes the revision that a statement has seen; `null`: unknown.
 *
 * @returns whether its rows are those of the books that the request is answered with
 * @throws BooksChangedError if the request has to start again
 */
export type Seen = (revision: string | null) => boolean;

/** What an instant reads with. */
export interface InstantReads {
  readonly indexed: () => Promise<IndexedTokens>;
  readonly revision: () => Promise<string | null>;
}

/**
 * The heads and tokens that a request is answered with. They may be those that were read for an earlier request. Then
 * one of the statements of this request must see the same revision. Otherwise something was committed in between, and
 * the request starts again with what it reads itself.
 */
export class BooksInstant {
  private known: KnownBooks | null = null;
  /** Whether what is known was read for an earlier request. */
  private isAssumed = false;
  private state: 'open' | 'proven' | 'wrong' = 'open';
  private isUsed = false;
  private isAsking = false;
  private asked: Promise<void> | null = null;
  /** What was read and is of the revision if a later statement still sees it. */
  private readonly unsure: (() => void)[] = [];

  constructor(
    private readonly memory: BooksMemory,
    private readonly reads: InstantReads,
  ) {}

  /** From now on it may begin with what is known already. */
  assume(): void {
    this.known = this.memory.assumed();
    this.isAssumed = this.known !== null;
  }

  /** How far each chain is indexed, and the tokens. */
  async indexed(): Promise<IndexedTokens> {
    if (this.known !== null) {
      this.isUsed = true;
      this.askSoon();
      return this.known.indexed;
    }
    const indexed = await this.reads.indexed();
    this.known = this.memory.learn(indexed);
    this.state = 'proven';
    return indexed;
  }

  /** Called when a statement begins that returns its revision. */
  watch(): Seen {
    this.isAsking = true;
    const before = this.unsure.slice();
    return (revision) => this.see(revision, before);
  }

  /** The block that a moment means. */
  async asOf(db: Queryable, head: ChainHead, moment: Moment | null | undefined): Promise<AsOf> {
    if (moment?.block == null && moment?.timestamp == null) return resolveAsOf(db, head, moment);
    const { known } = this;
    const name = `${head.chainId} ${moment.block ?? ''} ${moment.timestamp?.getTime() ?? ''}`;
    const kept = known?.moments.get(name);
    if (kept !== undefined) return kept;
    const found = await resolveAsOf(db, head, moment);
    this.unsure.push(() => known?.moments.set(name, found));
    return found;
  }

  /** A token's pools at the end of a block; `null`: nothing is kept. */
  poolAt(key: TokenAsOf): ReadPool | Promise<ReadPool> | null {
    return this.known?.poolAt(key) ?? null;
  }

  /**
   * The answer to a question that many requests ask. It is read once for each revision of the books, which is proved
   * after the read: so the answer is that of the heads and tokens of this request.
   */
  async once<Answer>(question: SharedQuestion<Answer>): Promise<Answer> {
    const { known } = this;
    if (known === null) return question.read();
    this.isUsed = true;
    const kept = known.answerTo(question);
    if (kept !== undefined) {
      this.askSoon();
      return kept.answer;
    }
    const answer = await question.read();
    await known.keep(question, answer);
    return answer;
  }

  /** @throws BooksChangedError if the request has to start again */
  assertHolds(): void {
    if (this.state === 'wrong') throw new BooksChangedError();
  }

  /** At the end: whether the answer was made with the books as they were after the request began. */
  async holds(): Promise<boolean> {
    if (!this.isAssumed || !this.isUsed) return true;
    await this.asked;
    if (this.state === 'open') await this.ask();
    return this.state === 'proven';
  }

  /** Reads the revision, unless a statement of this turn returns it. */
  private askSoon(): void {
    if (!this.isAssumed || this.isAsking || this.asked !== null) return;
    this.asked = new Promise<void>((resolve) => setImmediate(resolve)).then(() =>
      this.isAsking ? undefined : this.ask(),
    );
    // `holds` gets the failure.
    this.asked.catch(() => undefined);
  }

  private async ask(): Promise<void> {
    const seen = this.watch();
    const revision = await this.reads.revision();
    try {
      seen(revision);
    } catch (error) {
      // The next read, or the end, finds it out.
      if (!(error instanceof BooksChangedError)) throw error;
    }
  }

  private see(revision: string | null, before: readonly (() => void)[]): boolean {
    const { known } = this;
    if (known === null) return false;
    // A statement that began earlier may still see the books of before; the request starts again all the same.
    this.assertHolds();
    if (revision === known.revision) {
      if (this.isAssumed && this.state === 'open') this.memory.proved();
      this.state = 'proven';
      for (const keep of before) keep();
      return true;
    }
    if (!this.isAssumed || this.state === 'proven') return false;
    if (this.state === 'open') this.memory.disproved(known);
    this.state = 'wrong';
    throw new BooksChangedError();
  }
}
