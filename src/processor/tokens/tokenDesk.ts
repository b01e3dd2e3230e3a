import type { EvmBatchProcessor } from '@subsquid/evm-processor';
import type { ClientBase } from 'pg';
import type { Address } from '../../address.js';
import type { ChainNode } from '../../chain/node.js';
import { type FIELDS, requestTokens, type SourceBlock } from '../../chain/reading/source.js';
import type { TransactionRecord } from '../../chain/reading/tree/frames.js';
import { unplacedTransactions } from '../../chain/reading/unplaced.js';
import type { KnownSource } from '../../ledger/attribution.js';
import type { RulesAtBlock } from '../../ledger/terms.js';
import { readHolderCounts } from '../../store/read/holders/holderCounts.js';
import { readNewestVersionBlock } from '../../store/read/tokens/poolVersions.js';
import { type RevenueAsset, readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTermsChanges } from '../../store/read/tokens/tokenTerms.js';
import { type ClaimToCheck, wrongClaim } from '../../store/write/claimCheck.js';
import { HolderUpdates } from '../../store/write/holderCache.js';
import { readUnprovenSnapshots } from '../../store/write/snapshotProofs.js';
import type { BookingTarget, Desk } from '../desks/desk.js';
import { troubleOf } from '../holding/contractTrouble.js';
import { BalanceCache } from './book/balances.js';
import { HolderCounter } from './book/holderCounter.js';
import type { RevenueBook } from './book/revenueBook.js';
import { EMPTY_BOOK, openBook, readStoredBooks } from './book/storedBooks.js';
import { type IndexedToken, TokenBook } from './book/tokenBook.js';
import { TokenChanges } from './book/tokenChanges.js';
import type { ReserveAsset } from './bookedAssets.js';
import { bookBlocks } from './booking.js';
import { CodeWatch } from './checks/codeWatch.js';
import { compareAtCommit } from './checks/commitCheck.js';
import { collectionsIn } from './knownSources.js';
import { SeenTerms } from './terms/seenTerms.js';
import type { LearnedChanges } from './terms/termsChanged.js';

/** Balances kept in memory over all tokens before they are dropped and read again. */
const MAX_CACHED_BALANCES = 200_000;

/** Keeps the books of the revenue tokens of a chain. */
export class TokenDesk implements Desk {
  readonly startBlock: number;
  private readonly addresses: ReadonlySet<string>;
  private readonly sharing: ReadonlySet<string>;
  /** Every asset whose books have a number, accepted at the moment or not. */
  private assets: readonly RevenueAsset[] = [];
  private books: ReadonlyMap<Address, TokenBook> = new Map();
  private changes = new TokenChanges();
  private readonly code: CodeWatch;
  /** Heights of the newest block booked: now, and when the last commits began. */
  private bookedBlock = -1;
  private commits: number[] = [];

  constructor(
    private readonly node: ChainNode,
    private readonly tokens: readonly IndexedToken[],
    private readonly known: ReadonlyMap<string, KnownSource>,
    private readonly reserveAsset: ReserveAsset,
    private readonly learned: LearnedChanges,
    private readonly say: (line: string) => void,
  ) {
    this.startBlock = Math.min(...tokens.map((token) => token.startBlock));
    this.addresses = new Set(tokens.map(({ address }) => address));
    const sharing = tokens.filter(({ rules }) => rules.policy.sharesAssets);
    this.sharing = new Set(sharing.map(({ address }) => address));
    this.code = new CodeWatch(node, say);
  }

  /** Of the tokens, and of their books in other assets. */
  get contractNumbers(): readonly number[] {
    return [...this.tokens, ...this.assets].map(({ number }) => number);
  }

  request(processor: EvmBatchProcessor<typeof FIELDS>): void {
    const watched = this.tokens.map(({ address, startBlock, rules }) => ({
      address,
      startBlock,
      sharesAssets: rules.policy.sharesAssets,
    }));
    requestTokens(processor, watched);
  }

  unplaced(block: SourceBlock): readonly TransactionRecord[] {
    return unplacedTransactions(block, this.addresses, this.sharing);
  }

  compare(block: number, held: ReadonlySet<string>): Promise<void> {
    const books = [...this.books].filter(([address]) => !held.has(address));
    return compareAtCommit(
      this.node,
      books.map(([, book]) => book),
      block,
    );
  }

  watchedAssets(): { asset: Address; holder: Address }[] {
    return [...this.books].flatMap(([holder, { assetBooks }]) =>
      assetBooks.flatMap(({ asset }) => (asset === null ? [] : [{ asset, holder }])),
    );
  }

  async open(db: ClientBase, height: number): Promise<void> {
    const block = Math.max(height, 0);
    this.assets = await readRevenueAssets(
      db,
      this.tokens.map((token) => token.number),
    );
    this.changes = new TokenChanges();
    this.code.open(height);
    this.bookedBlock = height;
    this.commits = [];
    const books = new Map<Address, TokenBook>();
    const unproven = await readUnprovenSnapshots(db, this.contractNumbers);
    // Of the others nothing is in the database yet.
    const begun = new Set(
      this.tokens.filter(({ startBlock }) => startBlock <= height).map(({ number }) => number),
    );
    const numbers = this.contractNumbers.filter((number) => begun.has(number));
    const assetsBegun = this.assets.filter(({ tokenNumber }) => begun.has(tokenNumber));
    const all = [...numbers, ...assetsBegun.map(({ number }) => number)];
    const stored = await readStoredBooks(db, all, block);
    const holders = await readHolderCounts(db, numbers, block);
    for (const token of this.tokens) {
      const checkedBlock = Math.max(height, token.startBlock - 1);
      const isBegun = begun.has(token.number);
      const first = { policy: token.rules.policy, terms: token.rules.first };
      const rules = isBegun ? await rulesOf(db, token, block) : first;
      const open = (number: number, asset: Address | null) => {
        const of = { rules, asset, checkedBlock, unproven };
        return openBook(number, stored.get(number) ?? EMPTY_BOOK, of);
      };
      const native = open(token.number, null);
      const ofToken = this.assets.filter(({ tokenNumber }) => tokenNumber === token.number);
      const assets: RevenueBook[] = [];
      for (const { number, asset } of ofToken) {
        const opened = open(number, asset);
        if (opened.isBegun) assets.push(opened.book);
      }
      // The contract was asked at every commit, but not by versions before there were terms by block.
      const asOf = { tokenNumber: token.number, block };
      const newest = isBegun ? await readNewestVersionBlock(db, asOf) : null;
      const seenAt = Math.max(newest ?? 0, token.startBlock);
      const seen = new SeenTerms({ block: seenAt, terms: rules.terms });
      // Without supply nobody has a balance, whatever rows there are.
      const empty = native.book.state.supply === 0n;
      const balances = new BalanceCache(token.number, { empty });
      const book = new TokenBook(
        token,
        native.book,
        assets,
        balances,
        new HolderCounter(holders.get(token.number) ?? 0),
        this.known,
        rules,
        seen,
        seenAt,
      );
      book.committedBlock = height;
      book.bookedBlock = height;
      for (const { number, asset } of ofToken) book.reserve(asset, number);
      books.set(token.address, book);
    }
    this.books = books;
  }

  book(blocks: readonly SourceBlock[], target: BookingTarget): Promise<number> {
    const reserve: ReserveAsset = async (asset) => {
      const number = await this.reserveAsset(asset);
      this.assets = [...this.assets, { ...asset, number }];
      return number;
    };
    const { node, changes, learned, code, say } = this;
    this.bookedBlock = blocks.at(-1)?.header.height ?? this.bookedBlock;
    const { held } = target;
    const books =
      held.size === 0
        ? this.books
        : new Map([...this.books].filter(([address]) => !held.has(address)));
    const collections = collectionsIn(this.known);
    const tools = { changes, collections, reserve, learned, code, say };
    return bookBlocks(node, books, blocks, target, tools);
  }

  takeCommitWork(): (client: ClientBase) => Promise<void> {
    const { claims } = this.changes;
    const holders = this.holderUpdates();
    this.changes = new TokenChanges();
    this.noteCommit();
    return async (client) => {
      await holders.write(client);
      await this.verify(client, claims);
    };
  }

  /** A commit begins; all but the one before it are over. */
  private noteCommit(): void {
    this.commits = [...this.commits.slice(-2), this.bookedBlock];
    const [committed = -1] = this.commits.length === 3 ? this.commits : [];
    for (const book of this.books.values()) {
      book.committedBlock = Math.max(book.committedBlock, committed);
    }
  }

  private async verify(client: ClientBase, claims: readonly ClaimToCheck[]): Promise<void> {
    const wrong = await wrongClaim(client, claims);
    if (wrong === null) return;
    const { claim, error } = wrong;
    const token = this.tokens.find(({ number }) => number === claim.tokenNumber);
    if (token === undefined) throw error;
    throw troubleOf(error, { kind: 'token', address: token.address }, claim.blockNumber);
  }

  get isLarge(): boolean {
    let size = 0;
    for (const book of this.books.values()) size += book.balances.size;
    return size > MAX_CACHED_BALANCES;
  }

  allCommitted(): void {
    if (!this.isLarge) return;
    for (const book of this.books.values()) book.balances.clear();
  }

  private holderUpdates(): HolderUpdates {
    const updates = new HolderUpdates(this.changes.payments());
    for (const { token } of this.books.values()) {
      for (const { account, balance } of this.changes.takeBalances(token.number)) {
        updates.add(token.number, account, balance);
      }
    }
    return updates;
  }
}

/** The rules of a token at the end of a block. */
async function rulesOf(db: ClientBase, token: IndexedToken, upTo: number): Promise<RulesAtBlock> {
  const { policy, first } = token.rules;
  const [newest] = await readTermsChanges(db, token.number, { after: -1, upTo, limit: 1 });
  if (newest === undefined) return { policy, terms: first };
  const { percentClaimable, window, interval, intervalUnit, isPaused } = newest;
  return { policy, terms: { percentClaimable, window, interval, intervalUnit, isPaused } };
}
