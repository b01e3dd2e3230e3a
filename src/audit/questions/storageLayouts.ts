import { AbiCoder, keccak256 } from 'ethers';

/** Where a compiler put the private pools of a known implementation (docs/domain.md#telling-policies-apart). */
export interface StorageLayout {
  readonly name: string;
  /** Of the policy that it implements. */
  readonly policy: string;
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

/** The layouts that are known. Another one is not compared, never guessed. */
export const STORAGE_LAYOUTS: readonly StorageLayout[] = [
  {
    name: 'windowed with permit',
    policy: 'windowed',
    known: { totalSupply: 2n, lastSnapshotId: 12n, lastSnapshot: 13n },
    claimable: 14n,
    claimed: 15n,
    claimPool: null,
    redeemPool: 17n,
    redeemedFromNew: 18n,
  },
  {
    name: 'reference',
    policy: 'reference',
    known: { totalSupply: 2n, lastSnapshotId: 8n, lastSnapshot: 9n },
    claimable: 10n,
    claimed: null,
    claimPool: 12n,
    redeemPool: 13n,
    redeemedFromNew: 14n,
  },
];

/** Slot of the entry of a mapping with an integer key: `keccak256(abi.encode(key, slot))`. */
export function mappingSlot(slot: bigint, key: number): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [key, slot])));
}
