import { type Address, checksummed, ZERO_ADDRESS } from '../address.js';
import type { Operation } from '../chain/operation.js';
import { ImoError } from '../errors.js';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  type TokenRules,
} from '../ledger/apply.js';
import { attribute, type KnownSource } from '../ledger/attribution.js';
import { LedgerError } from '../ledger/errors.js';
import {
  claimEntry,
  type IncomeName,
  receiptEntry,
  redemptionEntry,
  snapshotEntries,
} from '../ledger/journal.js';
import { lastSnapshotId, newRevenueWei, type PoolState } from '../ledger/state.js';
import type { RowBuffer } from '../store/rowBuffer.js';
import { type ReceiptPlace, type RowPlace, tokenRows } from '../store/tokenRows.js';
import { appendCheckpoint, appendTransfer } from '../store/transferRows.js';
import type { BalanceCache, HeldBalance } from './balances.js';
import type { TokenChanges } from './tokenChanges.js';
import type { TokenJournal } from './tokenJournal.js';
import type { UntracedReceipt } from './untraced.js';

/** A token that is being indexed. */
export interface IndexedToken {
  readonly number: number;
  readonly address: Address;
  readonly startBlock: number;
  readonly rules: TokenRules;
}

/** Wei since the deployment. */
export interface Totals {
  readonly receivedWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/** The block that operations are booked in. */
export interface BookedBlock {
  readonly number: number;
  /** ISO 8601. */
  readonly timestamp: string;
}

/** Position of untraced money that is booked at the end of a block. */
const END_OF_BLOCK = 999_998;

/** The running books of one token: pools, totals, balances. */
export class TokenBook {
  /** All ETH that no frame explains is known up to the end of this block. */
  checkedBlock: number;
  private position = 0;
  private touched: HeldBalance[] = [];

  constructor(
    readonly token: IndexedToken,
    private pools: PoolState,
    private totals: Totals,
    readonly balances: BalanceCache,
    private readonly journal: TokenJournal,
    private readonly known: ReadonlyMap<string, KnownSource>,
    checkedBlock: number,
  ) {
    this.checkedBlock = checkedBlock;
  }

  get state(): PoolState {
    return this.pools;
  }

  /** Books everything that one block did to the token, in the given order. */
  bookBlock(
    block: BookedBlock,
    operations: readonly (Operation | UntracedReceipt)[],
    rows: RowBuffer,
    changes: TokenChanges,
  ): void {
    const before = this.pools;
    this.position = 0;
    for (const operation of operations) {
      try {
        this.book(block, operation, rows, changes);
      } catch (error) {
        throw this.explained(error, block, operation);
      }
    }
    this.writeCheckpoints(block, rows);
    if (this.pools === before) return;
    this.writePools(block, rows);
    if (this.journal.heldWei !== this.pools.balanceWei) throw this.unbalanced(block);
  }

  private book(
    block: BookedBlock,
    operation: Operation | UntracedReceipt,
    rows: RowBuffer,
    changes: TokenChanges,
  ): void {
    const { number: tokenNumber, rules } = this.token;
    if (operation.kind === 'untraced') {
      this.bookUntraced(block, operation, rows);
      return;
    }
    const place: RowPlace = {
      tokenNumber,
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
      case 'receipt': {
        const { path, payout, collections } = operation.origin;
        const attribution = attribute(path, payout, this.known, collections);
        const { source, address, modelId, collectionPart } = attribution;
        this.receive(operation.amountWei, collectionPart ?? source, rows, place);
        tokenRows.receipt(rows, place, {
          ...operation,
          kind: operation.receiptKind,
          source,
          sourceAddress: address,
          modelId,
          collectionPart,
          path,
        });
        return;
      }
      case 'snapshot': {
        this.writeCheckpoints(block, rows);
        const { state, effect } = applySnapshot(rules, this.pools, operation.snapshotId);
        this.pools = state;
        const entries = snapshotEntries(effect, rules.terms.window);
        this.position += this.journal.book(rows, place, null, entries) - 1;
        tokenRows.snapshot(rows, place, effect);
        return;
      }
      case 'claim': {
        const snapshotId = Number(operation.snapshotId);
        const { holder, amountWei } = operation;
        this.pools = applyClaim(rules, this.pools, snapshotId, amountWei);
        this.totals = { ...this.totals, claimedWei: this.totals.claimedWei + amountWei };
        this.journal.book(rows, place, holder, [claimEntry(snapshotId, amountWei)]);
        changes.claimed({ ...place, holder, snapshotId, amountWei });
        tokenRows.claim(rows, place, {
          holder,
          snapshotId,
          amountWei,
          snapshotClaimedWei: this.pools.snapshots[snapshotId - 1]?.claimedWei ?? amountWei,
        });
        return;
      }
      case 'redemption': {
        const { holder, burned, paidWei } = operation;
        const { state, effect } = applyRedemption(rules, this.pools, burned, paidWei);
        this.pools = state;
        this.totals = { ...this.totals, redeemedWei: this.totals.redeemedWei + paidWei };
        this.journal.book(rows, place, holder, [redemptionEntry(effect)]);
        changes.redeemed(tokenNumber, holder, paidWei);
        tokenRows.redemption(rows, place, { holder, burned, amountWei: paidWei, ...effect });
      }
    }
  }

  private bookUntraced(block: BookedBlock, operation: UntracedReceipt, rows: RowBuffer): void {
    const place: ReceiptPlace = {
      tokenNumber: this.token.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      position: operation.when === 'end' ? END_OF_BLOCK : this.position++,
      transactionHash: operation.transactionHash,
      transactionIndex: operation.transactionIndex,
    };
    this.receive(operation.amountWei, 'untraced', rows, place);
    tokenRows.receipt(rows, place, {
      payer: null,
      amountWei: operation.amountWei,
      kind: 'untraced',
      selector: null,
      source: 'untraced',
      sourceAddress: null,
      modelId: null,
      collectionPart: null,
      path: [],
    });
  }

  private receive(
    amountWei: bigint,
    source: IncomeName,
    rows: RowBuffer,
    place: ReceiptPlace,
  ): void {
    this.pools = applyReceipt(this.pools, amountWei);
    this.totals = { ...this.totals, receivedWei: this.totals.receivedWei + amountWei };
    this.journal.book(rows, place, null, [receiptEntry(amountWei, source)]);
  }

  private transfer(from: Address, to: Address, amount: bigint, changes: TokenChanges): void {
    if (from === ZERO_ADDRESS) this.pools = applySupplyChange(this.pools, amount);
    else this.changeBalance(from, -amount, changes);
    if (to === ZERO_ADDRESS) this.pools = applySupplyChange(this.pools, -amount);
    else this.changeBalance(to, amount, changes);
  }

  private changeBalance(account: Address, change: bigint, changes: TokenChanges): void {
    const held = this.balances.of(account);
    const balance = held.balance + change;
    if (balance < 0n) {
      throw new LedgerError(
        'LEDGER_NEGATIVE_POOL',
        `a transfer would bring the balance of ${account} to ${balance}`,
        'A transfer before this one was not logged or not seen.',
      );
    }
    held.balance = balance;
    if (!held.isTouched) {
      held.isTouched = true;
      this.touched.push(held);
    }
    changes.balanceChanged(this.token.number, held);
  }

  /** Ends the checkpoint interval for the holders touched in it. */
  private writeCheckpoints(block: BookedBlock, rows: RowBuffer): void {
    const interval = lastSnapshotId(this.pools);
    for (const held of this.touched) {
      held.isTouched = false;
      const { account, balance } = held;
      appendCheckpoint(rows, this.token.number, account, block.number, interval, balance);
    }
    this.touched = [];
  }

  private writePools(block: BookedBlock, rows: RowBuffer): void {
    const { pools } = this;
    tokenRows.poolVersion(rows, {
      tokenNumber: this.token.number,
      blockNumber: block.number,
      timestamp: block.timestamp,
      balanceWei: pools.balanceWei,
      supply: pools.supply,
      newRevenueWei: newRevenueWei(pools),
      claimPoolWei: pools.claimPoolWei,
      redeemPoolWei: pools.redeemPoolWei,
      redeemedFromNewWei: pools.redeemedFromNewWei,
      lastSnapshotId: lastSnapshotId(pools),
      ...this.totals,
    });
  }

  /** The solvency identity, asserted from both sides: journal and pools. */
  private unbalanced(block: BookedBlock): ImoError {
    return new ImoError(
      'LEDGER_TRIAL_BALANCE',
      `${checksummed(this.token.address)}, block ${block.number}: the journal holds ` +
        `${this.journal.heldWei} wei, the pools ${this.pools.balanceWei}`,
      'This is a mistake in the ledger; please report it with the block.',
    );
  }

  /** Says which operation of which token broke a rule of the ledger. */
  private explained(
    error: unknown,
    block: BookedBlock,
    operation: Operation | UntracedReceipt,
  ): unknown {
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
