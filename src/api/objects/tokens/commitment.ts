import { Field, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Hex } from '../../../store/read/query/decode.js';
import {
  AddressScalar,
  ASSET_TEXT,
  AssetScalar,
  BigIntScalar,
  Bytes32Scalar,
  SafeIntScalar,
} from '../../values/scalars.js';

@ObjectType('SnapshotCommitment', {
  simpleResolvers: true,
  description:
    'One hash for what a snapshot gave to whom, made when the block of the snapshot was final. It never changes: shares count whether they are claimed or not.',
})
export class SnapshotCommitmentType {
  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Root of the Merkle tree over (holder, share); null if nobody has a share.',
  })
  readonly root!: Hex | null;

  @Field(() => SafeIntScalar, { description: 'How many holders have a share.' })
  readonly leafCount!: number;

  @Field(() => String, {
    description: 'Layout of the tree: StandardMerkleTree of OpenZeppelin, with its leaf encoding.',
  })
  readonly algorithm!: string;
}

@ObjectType('EntitlementProof', {
  simpleResolvers: true,
  description:
    "Proves to anybody, also to a contract (OpenZeppelin's MerkleProof), what a snapshot gave to a holder.",
})
export class EntitlementProofType {
  @Field(() => Bytes32Scalar, { description: 'The committed root.' })
  readonly root!: Hex;

  @Field(() => Bytes32Scalar, {
    description: 'keccak256(keccak256(abi.encode(holder, shareWei))).',
  })
  readonly leaf!: Hex;

  @Field(() => [Bytes32Scalar], { description: 'The siblings from the leaf up to the root.' })
  readonly proof!: readonly Hex[];

  @Field(() => AddressScalar, { description: 'Whose share it is.' })
  readonly holder!: Address;

  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => BigIntScalar, {
    description: 'The share when the snapshot was taken, in units of the asset (wei for ETH).',
  })
  readonly shareWei!: bigint;

  @Field(() => Int, { description: 'The snapshot.' })
  readonly snapshotId!: number;

  @Field(() => String, {
    description: 'Layout of the tree: StandardMerkleTree of OpenZeppelin, with its leaf encoding.',
  })
  readonly algorithm!: string;
}

/** A proof, with the chain of its token. */
export interface EntitlementProofNode extends EntitlementProofType {
  readonly chainId: number;
}
