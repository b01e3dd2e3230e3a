import { Field, Int, ObjectType } from 'type-graphql';
import { isOpen } from '../../../ledger/apply.js';
import { rulesAt } from '../../../ledger/terms.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { SnapshotRecord } from '../../../store/read/tokens/snapshots.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { SnapshotProof, SnapshotState } from '../../values/enums.js';
import {
  BigIntScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@ObjectType('Snapshot', {
  simpleResolvers: true,
  description: 'A snapshot and what it assigned to the holders of its moment.',
})
export class SnapshotType {
  @Field(() => Int, { description: 'Counts up from 1 for each token.' })
  readonly snapshotId!: number;

  @Field(() => SafeIntScalar, { description: 'Block in which it was taken.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of that block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, { description: 'Transaction that took it.' })
  readonly transactionHash!: Hex;

  @Field(() => Int, { description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number;

  @Field(() => Int, {
    description: "Place among the token's operations of the block, in execution order.",
  })
  readonly position!: number;

  @Field(() => BigIntScalar, { description: 'New revenue that it covered, in wei.' })
  readonly newRevenueWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Assigned to all holders together, fresh and rolled over, in wei.',
  })
  readonly claimableWei!: bigint;

  @Field(() => BigIntScalar, { description: "The holders' part of the new revenue, in wei." })
  readonly freshWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'What came back unclaimed from the snapshot that left the window, in wei.',
  })
  readonly rolledOverWei!: bigint;

  @Field(() => BigIntScalar, { description: 'What the pool for burners gained, in wei.' })
  readonly redeemableAddedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Claimed by all holders so far, in wei.' })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Not claimed so far, in wei, rounding remainders included. Of an expired snapshot: what came back to all holders.',
  })
  readonly unclaimedWei!: bigint;

  @Field(() => BigIntScalar, { description: 'Total supply at the snapshot, in token units.' })
  readonly supply!: bigint;

  @Field(() => SnapshotProof, {
    description:
      'What proved the amount that it assigned, up to the moment. Until something does, it follows ' +
      'from the rules of the token alone.',
  })
  readonly proof!: SnapshotProof;

  @Field(() => SnapshotState, { description: 'Whether it can still be claimed.' })
  readonly state!: SnapshotState;
}

/** A snapshot at a moment. */
export interface SnapshotNode extends SnapshotType {
  readonly tokenRecord: TokenRecord;
  /** Of the token's books in the asset that the snapshot assigned. */
  readonly bookNumber: number;
  readonly asOf: AsOf;
}

/** @param lastSnapshotId of the token at the moment: the window counts back from it. */
export function snapshotNode(
  snapshot: SnapshotRecord,
  tokenRecord: TokenRecord,
  asOf: AsOf,
  lastSnapshotId: number,
): SnapshotNode {
  const { snapshotId, claimableWei, claimedWei } = snapshot;
  const isClaimable = isOpen(
    rulesAt(tokenRecord.rules, asOf.block).terms,
    snapshotId,
    lastSnapshotId,
  );
  return {
    ...snapshot,
    tokenRecord,
    bookNumber: snapshot.tokenNumber,
    asOf,
    unclaimedWei: claimableWei - claimedWei,
    state: isClaimable ? SnapshotState.OPEN : SnapshotState.EXPIRED,
  };
}
