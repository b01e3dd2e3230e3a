import { type Address, checksummed, ZERO_ADDRESS } from '../../../address.js';
import type { Claim, Operation, Receipt, Redemption } from '../../../chain/reading/operation.js';
import type { UntracedReceipt } from '../../../chain/reading/untraced/untracedReceipt.js';
import { ImoError } from '../../../errors.js';
import { attribute, type KnownSource } from '../../../ledger/attribution.js';
import { LedgerError } from '../../../ledger/errors.js';
import { AccountBalances } from '../../../ledger/journal.js';
import { lastSnapshotId, openAsset, type PoolState } from '../../../ledger/state.js';
import type { ContractTerms, RulesAtBlock, RulesHistory } from '../../../ledger/terms.js';
import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import {
  type ReceiptPlace,
  type RowPlace,
  tokenRows,
} from '../../../store/write/rows/tokenRows.js';
import { appendCheckpoint, appendTransfer } from '../../../store/write/rows/transferRows.js';
import type { FoundChange } from '../terms/foundChange.js';
import type { SeenTerms } from '../terms/seenTerms.js';
import type { BalanceCache, HeldBalance } from './balances.js';
import type { HolderCounter } from './holderCounter.js';
import { RevenueBook } from './revenueBook.js';
import type { TokenChanges } from './tokenChanges.js';
import { TokenJournal } from './tokenJournal.js';

/** A token that is being indexed. */
export interface IndexedToken {
  readonly number: number;
  readonly address: Address;
  readonly startBlock: number;
  /** Its policy, and the terms of its first block. */
  readonly rules: Pick<RulesHistory, 'policy' | 'first'>;
  /** ERC-20 assets that it shares from its deployment on by the config. */
  readonly assets: readonly Address[];
}

/** The contract has other terms from its place on. */
export interface TermsOperation {
  readonly kind: 'terms';
  readonly terms: ContractTerms;
  /** The only transaction of the block that may have changed them. */
  readonly transactionHash: string | null;
  readonly transactionIndex: number | null;
}

/** An operation, money that no operation explains, or a change of terms. */
export type BookedOperation = Operation | UntracedReceipt | TermsOperation;

/** The block that operations are booked in. */
export interface BookedBlock {
  readonly number: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Position of untraced money that is booked at the end of a block with fewer operations. */
const END_OF_BLOCK = 999_998;
const NO_TOTALS = { receivedWei: 0n, claimedWei: 0n, redeemedWei: 0n };

/** The running books of one token: its balances, and its revenue in ETH and in other assets. */
export class TokenBook {
  private position = 0;
  /** Something was booked since the contract was last seen to follow its policy. */
  isPolicyCheckDue = false;
  /** Changes of terms that are not booked yet, ascending by block. */
  readonly changesToCome: FoundChange[] = [];
  /** Last block of the runs that were booked so far. */
  bookedBlock = -1;
  /** The newest block all of whose rows are committed, or an older one. */
  committedBlock = -1;
  /** No older snapshot is tried to be proven before this block. */
  nextProofBlock = 0;
  private touched: HeldBalance[] = [];
  /** How much of a block's money was booked at its end. */
  private readonly endPlaces = new Map<RevenueBook, number>();
  private readonly assets = new Map<Address, RevenueBook>();
  /** Numbers of the books of assets that are accepted in the blocks to come. */
  private readonly reserved = new Map<Address, number>();

  constructor(
    readonly token: IndexedToken,
    /** Its books in ETH. */
    readonly native: RevenueBook,
    assets: readonly RevenueBook[],
    readonly balances: BalanceCache,
    private readonly holders: HolderCounter,
    private readonly known: ReadonlyMap<string, KnownSource>,
    private current: RulesAtBlock,
    /** Where the contract was seen to have these terms, or others later. */
    readonly seen: SeenTerms,
    /** Block at whose end the contract was seen to follow its policy. */
    public policySeenAt: number,
  ) {
    for (const book of assets) if (book.asset !== null) this.assets.set(book.asset, book);
  }

  /** The rules in force after all that is booked so far. */
  get rules(): RulesAtBlock {
    return this.current;
  }

  get subject() {
    return { address: this.token.address, policy: this.current.policy };
  }

  get state(): PoolState {
    return this.native.state;
  }

  /** The books in an asset that the token accepts. */
  assetBook(asset: Address): RevenueBook | undefined {
    return this.assets.get(asset);
  }

  /** The books in every ERC-20 that the token accepts, in the order of their acceptance. */
  get assetBooks(): readonly RevenueBook[] {
    return [...this.assets.values()];
  }

  /** Gives the books of an asset that will be accepted their number. */
  reserve(asset: Address, number: number): void {
    this.reserved.set(asset, number);
  }

  isReserved(asset: Address): boolean {
    return this.reserved.has(asset);
  }

  /** Books everything that one block did to the token, in the given order. */
  bookBlock(
    block: BookedBlock,
    operations: readonly BookedOperation[],
    rows: RowBuffer,
    changes: TokenChanges,
  ): void {
    this.position = 0;
    this.endPlaces.clear();
    this.assertAssetsOpen(block, operations);
    for (const operation of operations) {
      try {
        this.book(block, operation, rows, changes);
      } catch (error) {
        throw this.explained(error, block, operation);
      }
    }
    this.writeCheckpoints(block, rows);
    const { number: blockNumber, timestamp } = block;
    this.holders.write(rows, { tokenNumber: this.token.number, blockNumber, timestamp });
    for (const book of this.allBooks()) {
      const changed = book.writeVersion(rows, block.number, block.timestamp);
      if (changed && book.heldWei !== book.state.balanceWei) throw this.unbalanced(block, book);
    }
  }

  /** @throws ImoError `TOKEN_ASSET_NOT_OPENED` if the books of its only asset were never opened */
  private assertAssetsOpen({ number }: BookedBlock, operations: readonly BookedOperation[]): void {
    const { rules, token } = this;
    const { address } = token;
    if (rules.policy.sharesEth || this.assets.size > 0) return;
    if (operations.some(({ kind }) => kind === 'asset-accepted')) return;
    throw new ImoError(
      'TOKEN_ASSET_NOT_OPENED',
      `${checksummed(address)}, block ${number}: the asset that it shares has no books`,
      'The first block with the asset has no known operation. Add a policy for the contract (CONTRIBUTING.md), or remove the token from the config.',
    );
  }

  private book(
    block: BookedBlock,
    operation: BookedOperation,
    rows: RowBuffer,
    changes: TokenChanges,
  ): void {
    if (operation.kind === 'untraced') {
      this.bookUntraced(block, operation, rows);
      return;
    }
    if (operation.kind === 'terms') {
      this.changeTerms(block, operation, rows);
      return;
    }
    const place: RowPlace = {
      tokenNumber: this.token.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      position: this.position++,
      transactionHash: operation.transactionHash,
      transactionIndex: operation.transactionIndex,
    };
    switch (operation.kind) {
      case 'transfer':
        this.transfer(operation.from, operation.to, operation.amount, changes);
        appendTransfer(rows, place, operation.logIndex, operation);
        return;
      case 'receipt':
        this.receive(operation, rows, place);
        return;
      case 'snapshot': {
        this.writeCheckpoints(block, rows);
        let entries = 0;
        for (const book of this.allBooks()) {
          entries = Math.max(entries, book.takeSnapshot(rows, place, operation.snapshotId));
        }
        this.position += entries - 1;
        return;
      }
      case 'claim':
        this.claim(operation, rows, place, changes);
        return;
      case 'redemption':
        this.redeem(operation, rows, place, changes);
        return;
      case 'asset-accepted':
        this.accept(operation.asset, rows, place);
        return;
      case 'asset-outflow':
        if (this.assets.has(operation.asset)) throw unexplainedOutflow(operation);
        return;
      case 'asset-seen':
      // It has done its work when the operations were put in order.
    }
  }

  private changeTerms(
    block: BookedBlock,
    { terms, transactionHash, transactionIndex }: TermsOperation,
    rows: RowBuffer,
  ): void {
    const place: ReceiptPlace = {
      tokenNumber: this.token.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      position: this.position++,
      transactionHash,
      transactionIndex,
    };
    this.current = { policy: this.current.policy, terms };
    for (const book of this.allBooks()) book.changeRules(rows, place, this.current);
    tokenRows.terms(rows, place, terms);
  }

  private receive(receipt: Receipt, rows: RowBuffer, place: RowPlace): void {
    const { asset, amountWei, origin } = receipt;
    const book = this.bookIn(asset);
    // Anything may be sent to a token; only what it shares is revenue.
    if (book === undefined || (asset === null && !this.rules.policy.sharesEth)) return;
    const { path, payout, collections } = origin;
    const attribution = attribute(path, payout, this.known, collections);
    const { source, address, modelId, collectionPart } = attribution;
    book.receive(rows, place, amountWei, collectionPart ?? source);
    const bookPlace = { ...place, tokenNumber: book.number };
    tokenRows.receipt(rows, bookPlace, {
      ...receipt,
      kind: receipt.receiptKind,
      source,
      sourceAddress: address,
      modelId,
      collectionPart,
      cause: null,
      path,
    });
  }

  private claim(claim: Claim, rows: RowBuffer, place: RowPlace, changes: TokenChanges): void {
    const snapshotId = Number(claim.snapshotId);
    const { holder } = claim;
    for (const book of this.allBooks()) {
      const amountWei = paidBy(book, claim.amountWei, claim);
      const bookPlace = { ...place, tokenNumber: book.number };
      // What was not paid has to be owed in no asset: that is checked like what was.
      changes.claimed(this.token.number, { ...bookPlace, holder, snapshotId, amountWei });
      if (amountWei > 0n) book.claim(rows, place, { holder, snapshotId, amountWei });
    }
  }

  private redeem(
    redemption: Redemption,
    rows: RowBuffer,
    place: RowPlace,
    changes: TokenChanges,
  ): void {
    const { holder, burned } = redemption;
    for (const book of this.allBooks()) {
      const paidWei = paidBy(book, redemption.paidWei, redemption);
      book.redeem(rows, place, { holder, burned, paidWei });
    }
    changes.redeemed(this.token.number, holder, redemption.paidWei);
  }

  private accept(asset: Address, rows: RowBuffer, place: RowPlace): void {
    if (this.assets.has(asset)) return;
    const number = this.reserved.get(asset);
    if (number === undefined) throw new Error(`the books of ${asset} have no number`);
    const journal = new TokenJournal(new AccountBalances(), asset);
    const { rules } = this;
    const options = { checkedBlock: place.blockNumber - 1, isNew: true };
    const pools = openAsset(this.native.state);
    const book = new RevenueBook(number, asset, rules, pools, NO_TOTALS, journal, options);
    book.writeEarlierSnapshots(rows, place);
    this.position += pools.snapshots.length;
    this.assets.set(asset, book);
  }

  private bookUntraced(block: BookedBlock, operation: UntracedReceipt, rows: RowBuffer): void {
    const book = this.bookIn(operation.asset);
    if (book === undefined) throw new Error(`untraced ${operation.asset} without books`);
    const place: ReceiptPlace = {
      tokenNumber: book.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      position: operation.when === 'end' ? this.endOfBlock(book) : this.position++,
      transactionHash: operation.transactionHash,
      transactionIndex: operation.transactionIndex,
    };
    book.receive(rows, place, operation.amountWei, 'untraced');
    tokenRows.receipt(rows, place, {
      payer: null,
      amountWei: operation.amountWei,
      kind: 'untraced',
      selector: null,
      source: 'untraced',
      sourceAddress: null,
      modelId: null,
      collectionPart: null,
      cause: operation.cause,
      path: [],
    });
  }

  /** After every operation of the block, and after what came at its end before. */
  private endOfBlock(book: RevenueBook): number {
    const place = this.endPlaces.get(book) ?? 0;
    this.endPlaces.set(book, place + 1);
    return Math.max(END_OF_BLOCK, this.position) + place;
  }

  private bookIn(asset: Address | null): RevenueBook | undefined {
    return asset === null ? this.native : this.assets.get(asset);
  }

  private *allBooks(): Generator<RevenueBook> {
    yield this.native;
    yield* this.assets.values();
  }

  private transfer(from: Address, to: Address, amount: bigint, changes: TokenChanges): void {
    if (from === ZERO_ADDRESS) this.changeSupply(amount);
    else this.changeBalance(from, -amount, changes);
    if (to === ZERO_ADDRESS) this.changeSupply(-amount);
    else this.changeBalance(to, amount, changes);
  }

  private changeSupply(change: bigint): void {
    for (const book of this.allBooks()) book.changeSupply(change);
  }

  private changeBalance(account: Address, change: bigint, changes: TokenChanges): void {
    const held = this.balances.of(account);
    const { balance: before } = held;
    const balance = before + change;
    if (balance < 0n) {
      throw new LedgerError(
        'LEDGER_NEGATIVE_POOL',
        `a transfer would bring the balance of ${account} to ${balance}`,
        'An earlier transfer was not logged, or was missed. Report the contract.',
      );
    }
    held.balance = balance;
    this.holders.note(before, balance);
    if (!held.isTouched) {
      held.isTouched = true;
      this.touched.push(held);
    }
    changes.balanceChanged(this.token.number, held);
  }

  /** Ends the checkpoint interval for the holders touched in it. */
  private writeCheckpoints(block: BookedBlock, rows: RowBuffer): void {
    const interval = lastSnapshotId(this.state);
    for (const held of this.touched) {
      held.isTouched = false;
      const { account, balance } = held;
      appendCheckpoint(rows, this.token.number, account, block.number, interval, balance);
    }
    this.touched = [];
  }

  /** The solvency identity, asserted from both sides: journal and pools. */
  private unbalanced(block: BookedBlock, book: RevenueBook): ImoError {
    return new ImoError(
      'LEDGER_TRIAL_BALANCE',
      `${checksummed(this.token.address)}, block ${block.number}: the journal in ` +
        `${book.asset ?? 'ETH'} holds ${book.heldWei}, the pools ${book.state.balanceWei}`,
      'This is a bug in imo-ledger. Report it with the block.',
    );
  }

  /** Says which operation of which token broke a rule of the ledger. */
  private explained(error: unknown, block: BookedBlock, operation: BookedOperation): unknown {
    if (!(error instanceof LedgerError)) return error;
    const where = operation.transactionHash ?? 'no transaction';
    return new ImoError(
      error.code,
      `${checksummed(this.token.address)}, block ${block.number}, ${operation.kind} in ${where}: ${error.message}`,
      error.hint,
      { cause: error },
    );
  }
}

/** What a claim or burn paid in the asset of some books. */
function paidBy(
  { asset }: RevenueBook,
  nativeWei: bigint,
  { paidInAssets }: Pick<Claim, 'paidInAssets'>,
): bigint {
  if (asset === null) return nativeWei;
  return paidInAssets.find((paid) => paid.asset === asset)?.amount ?? 0n;
}

function unexplainedOutflow({
  asset,
  amount,
  to,
}: {
  asset: Address;
  amount: bigint;
  to: Address;
}) {
  return new LedgerError(
    'LEDGER_UNEXPLAINED_PAYMENT',
    `${amount} of ${checksummed(asset)} went to ${checksummed(to)}, but not by claim or burn`,
    'No revenue policy explains this payment; remove the token from the config.',
  );
}
