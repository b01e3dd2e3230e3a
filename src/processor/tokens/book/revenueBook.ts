import type { Address } from '../../../address.js';
import {
  applyClaim,
  applyReceipt,
  applyRedemption,
  applySnapshot,
  applySupplyChange,
  type TokenRules,
} from '../../../ledger/apply.js';
import {
  claimEntry,
  type IncomeName,
  receiptEntry,
  redemptionEntry,
  snapshotEntries,
  termsEntry,
} from '../../../ledger/journal.js';
import { lastSnapshotId, newRevenueWei, type PoolState } from '../../../ledger/state.js';
import { applyTerms } from '../../../ledger/terms.js';
import type { SnapshotProof } from '../../../store/read/tokens/snapshots.js';
import type { RowBuffer } from '../../../store/write/rows/rowBuffer.js';
import {
  type ReceiptPlace,
  type RowPlace,
  tokenRows,
} from '../../../store/write/rows/tokenRows.js';
import { appendSnapshotProof, type UnprovenSnapshot } from '../../../store/write/snapshotProofs.js';
import type { TokenJournal } from './tokenJournal.js';

/** Wei since the deployment. */
export interface Totals {
  readonly receivedWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
}

/**
 * The books of one token in one asset: pools, totals, journal. Its rows begin with a number of
 * its own, so that the books of every asset are read the same way.
 */
export class RevenueBook {
  /** All money that neither frame nor log explains is known up to the end of this block. */
  checkedBlock: number;
  /** The balance was compared with the node's at the end of that block. */
  wasCompared: boolean;
  private writtenPools: PoolState | null;
  /** Snapshots whose amounts nothing proved so far, with their blocks. */
  private readonly unprovenBlocks = new Map<number, number>();

  /**
   * @param number of the token for ETH, of the asset for an ERC-20
   * @param asset `null` for ETH
   * @param isNew nothing of it is in the database yet
   */
  constructor(
    readonly number: number,
    readonly asset: Address | null,
    private rules: TokenRules,
    private pools: PoolState,
    private totals: Totals,
    private readonly journal: TokenJournal,
    options: {
      readonly checkedBlock: number;
      readonly isNew?: boolean;
      readonly unproven?: readonly UnprovenSnapshot[];
    },
  ) {
    for (const { snapshotId, block } of options.unproven ?? []) {
      this.unprovenBlocks.set(snapshotId, block);
    }
    this.checkedBlock = options.checkedBlock;
    this.wasCompared = !options.isNew;
    this.writtenPools = options.isNew ? null : pools;
  }

  /** The balance at the end of a block was compared with the node's. */
  compared(block: number): void {
    this.checkedBlock = block;
    this.wasCompared = true;
  }

  get state(): PoolState {
    return this.pools;
  }

  /** What the contract holds by the journal, in wei. */
  get heldWei(): bigint {
    return this.journal.heldWei;
  }

  /** @throws LedgerError as `applySupplyChange` */
  changeSupply(change: bigint): void {
    this.pools = applySupplyChange(this.pools, change);
  }

  receive(rows: RowBuffer, place: ReceiptPlace, amountWei: bigint, source: IncomeName): void {
    this.pools = applyReceipt(this.pools, amountWei);
    this.totals = { ...this.totals, receivedWei: this.totals.receivedWei + amountWei };
    this.journal.book(rows, this.placed(place), null, [receiptEntry(amountWei, source)]);
  }

  /**
   * Books a snapshot; @returns how many positions its journal entries take.
   *
   * @throws LedgerError as `applySnapshot`
   */
  takeSnapshot(rows: RowBuffer, place: RowPlace, snapshotId: bigint): number {
    const { state, effect } = applySnapshot(this.rules, this.pools, snapshotId);
    this.pools = state;
    tokenRows.snapshot(rows, this.placed(place), effect);
    this.unprovenBlocks.set(effect.snapshotId, place.blockNumber);
    const entries = snapshotEntries(effect, this.rules.terms.window);
    return this.journal.book(rows, this.placed(place), null, entries);
  }

  /** The contract has other terms from now on: what holders are owed changes, whatever the pools do. */
  changeRules(rows: RowBuffer, place: ReceiptPlace, rules: TokenRules): void {
    const { state, moves } = applyTerms(this.rules, this.pools, rules.terms);
    this.rules = rules;
    this.pools = state;
    this.writtenPools = null;
    if (moves.length > 0) this.journal.book(rows, this.placed(place), null, [termsEntry(moves)]);
  }

  /** @throws LedgerError as `applyClaim` */
  claim(
    rows: RowBuffer,
    place: RowPlace,
    { holder, snapshotId, amountWei }: { holder: Address; snapshotId: number; amountWei: bigint },
  ): void {
    this.pools = applyClaim(this.rules, this.pools, snapshotId, amountWei);
    this.totals = { ...this.totals, claimedWei: this.totals.claimedWei + amountWei };
    this.journal.book(rows, this.placed(place), holder, [claimEntry(snapshotId, amountWei)]);
    // The commit refuses a claim that does not pay exactly the share.
    if (amountWei > 0n) this.prove(rows, snapshotId, place.blockNumber, 'PAYMENT');
    tokenRows.claim(rows, this.placed(place), {
      holder,
      snapshotId,
      amountWei,
      snapshotClaimedWei: this.pools.snapshots[snapshotId - 1]?.claimedWei ?? amountWei,
    });
  }

  /** Snapshots whose amounts nothing proved so far. */
  get unproven(): readonly UnprovenSnapshot[] {
    const bookNumber = this.number;
    return [...this.unprovenBlocks].map(([snapshotId, block]) => ({
      bookNumber,
      snapshotId,
      block,
    }));
  }

  /** Notes what proved a snapshot in a block, unless it was proven before. */
  prove(rows: RowBuffer, snapshotId: number, block: number, proof: SnapshotProof): void {
    if (!this.unprovenBlocks.delete(snapshotId)) return;
    appendSnapshotProof(rows, { bookNumber: this.number, snapshotId, block }, proof);
  }

  /** @throws LedgerError as `applyRedemption` */
  redeem(
    rows: RowBuffer,
    place: RowPlace,
    { holder, burned, paidWei }: { holder: Address; burned: bigint; paidWei: bigint },
  ): void {
    const { state, effect } = applyRedemption(this.rules, this.pools, burned, paidWei);
    this.pools = state;
    this.totals = { ...this.totals, redeemedWei: this.totals.redeemedWei + paidWei };
    this.journal.book(rows, this.placed(place), holder, [redemptionEntry(effect)]);
    const row = { holder, burned, amountWei: paidWei, ...effect };
    tokenRows.redemption(rows, this.placed(place), row);
  }

  /** Writes the snapshots that were taken before the asset was accepted: none assigned any. */
  writeEarlierSnapshots(rows: RowBuffer, place: RowPlace): void {
    this.pools.snapshots.forEach(({ supply }, index) => {
      const at = { ...this.placed(place), position: place.position + index };
      tokenRows.snapshot(rows, at, { ...NOTHING_ASSIGNED, snapshotId: index + 1, supply });
      this.unprovenBlocks.set(index + 1, place.blockNumber);
    });
  }

  /** Writes the pools at the end of a block, if they changed; @returns whether they did. */
  writeVersion(rows: RowBuffer, blockNumber: number, timestamp: string): boolean {
    const { pools } = this;
    if (pools === this.writtenPools) return false;
    this.writtenPools = pools;
    const place = { tokenNumber: this.number, blockNumber, timestamp };
    tokenRows.poolVersion(rows, place, {
      balanceWei: pools.balanceWei,
      supply: pools.supply,
      newRevenueWei: newRevenueWei(pools),
      claimPoolWei: pools.claimPoolWei,
      redeemPoolWei: pools.redeemPoolWei,
      redeemedFromNewWei: pools.redeemedFromNewWei,
      lastSnapshotId: lastSnapshotId(pools),
      ...this.totals,
    });
    return true;
  }

  private placed<Place extends ReceiptPlace>(place: Place): Place {
    return { ...place, tokenNumber: this.number };
  }
}

const NOTHING_ASSIGNED = {
  newRevenueWei: 0n,
  claimableWei: 0n,
  freshWei: 0n,
  rolledOverWei: 0n,
  redeemableAddedWei: 0n,
};
