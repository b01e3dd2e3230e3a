/** Where a compiler put the private pools of a known implementation (docs/domain.md#telling-policies-apart). */
export interface StorageLayout {
  readonly name: string;
  /** Slots whose values anybody can know: they tell whether the layout is this one. */
  readonly known: {
    readonly totalSupply: bigint;
    /** The counter of OpenZeppelin's ERC20Snapshot. */
    readonly lastSnapshotId: bigint;
    /** Time or block of the last snapshot. */
    readonly lastSnapshot: bigint;
  };
  /** `CA[id]`: a mapping. */
  readonly claimable: bigint;
  /** `CL[id]`: a mapping; `null` where one sum is kept for all snapshots. */
  readonly claimed: bigint | null;
  /** `C`: the sum over all snapshots. */
  readonly claimPool: bigint | null;
  /** `R` or `K`. */
  readonly redeemPool: bigint;
  /** `r` or `b`. */
  readonly redeemedFromNew: bigint;
}
