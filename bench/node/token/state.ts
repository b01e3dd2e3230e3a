import type { Address } from '../../../src/address.js';

/** What a windowed token is created with. */
export interface Terms {
  /** Share of new revenue that a snapshot assigns, in percent. */
  readonly percent: bigint;
  /** How many snapshots, counted from the last, can be claimed. */
  readonly window: number;
  /** Seconds. */
  readonly interval: bigint;
}

/** The figures of a token that are one number each. */
export interface Figures {
  readonly balanceWei: bigint;
  readonly supply: bigint;
  /** `R` and `r` of docs/domain.md#windowed. */
  readonly redeemPoolWei: bigint;
  readonly redeemedFromNewWei: bigint;
  /** Seconds since 1970. */
  readonly lastSnapshotTime: bigint;
  readonly lastId: number;
}

/** The state of a token at the end of a block, or in the middle of one. */
export interface TokenState {
  readonly figures: Figures;
  balanceOf(account: Address): bigint;
  /** `CA[id]` and `CL[id]`; 0 for an id that is not taken. */
  claimable(id: number): bigint;
  claimed(id: number): bigint;
  supplyAt(id: number): bigint;
  balanceAt(account: Address, id: number): bigint;
  hasClaimed(account: Address, id: number): boolean;
}

/** A state that operations change. */
export interface WritableState extends TokenState {
  setFigures(changed: Partial<Figures>): void;
  setBalance(account: Address, balance: bigint): void;
  addSnapshot(claimableWei: bigint): void;
  addClaim(account: Address, id: number, amountWei: bigint): void;
}
