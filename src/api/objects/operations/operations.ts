import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { OperationRecord } from '../../../store/read/operations/operation.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { CollectionPart, IncomeSource, ReceiptKind, UntracedCause } from '../../values/enums.js';
import {
  AddressScalar,
  BigIntScalar,
  Bytes4Scalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';

/** An operation as read, with the moment its list was read as of. */
export type OperationNode<Row extends OperationRecord = OperationRecord> = Row & {
  readonly asOf: AsOf;
};

/** What every operation has. Not a type of the schema: the others inherit its fields. */
@ObjectType('Operation', { simpleResolvers: true })
export class OperationType {
  @Field(() => ID, {
    description: 'Unique among the operations of its kind; sorts in the order of the chain.',
  })
  readonly id!: string;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => DateTimeScalar, { description: 'Time of the block.' })
  readonly timestamp!: Date;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Its transaction; null for money that no transaction brought.',
  })
  readonly transactionHash!: Hex | null;

  @Field(() => Int, { nullable: true, description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number | null;

  @Field(() => Int, {
    description: "Place among the token's operations of the block, in execution order.",
  })
  readonly position!: number;
}

/** A movement of revenue. Not a type of the schema: the others inherit its fields. */
@ObjectType('RevenueOperation', { simpleResolvers: true })
export class RevenueOperationType extends OperationType {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The ERC-20 whose smallest unit amounts are in; null: ETH, in wei.',
  })
  readonly asset!: Address | null;
}

@ObjectType('Receipt', { simpleResolvers: true, description: 'Money that reached a token.' })
export class ReceiptType extends RevenueOperationType {
  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Who sent it: the caller of the frame; null if no frame explains it.',
  })
  readonly payer!: Address | null;

  @Field(() => BigIntScalar, { description: 'Amount in wei.' })
  readonly amountWei!: bigint;

  @Field(() => ReceiptKind, { description: 'How it came.' })
  readonly kind!: ReceiptKind;

  @Field(() => Bytes4Scalar, {
    nullable: true,
    description: 'First four bytes of the call data, if it had any.',
  })
  readonly selector!: Hex | null;

  @Field(() => IncomeSource, { description: 'Where the money came from.' })
  readonly source!: IncomeSource;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The contract or labelled address on its way; null if none is known.',
  })
  readonly sourceAddress!: Address | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'The model whose revenue an oracle paid out.',
  })
  readonly modelId!: bigint | null;

  @Field(() => CollectionPart, {
    nullable: true,
    description: 'Of a collection: whether it is of a mint or a royalty; null where nothing tells.',
  })
  readonly collectionPart!: CollectionPart | null;

  @Field(() => UntracedCause, {
    nullable: true,
    description: 'What brought an untraced receipt; null for any other.',
  })
  readonly cause!: UntracedCause | null;

  @Field({
    description:
      'It is untraced and its block is not final: it may still be taken back. Balances are compared again when the block is final.',
  })
  readonly isProvisional!: boolean;

  @Field(() => [AddressScalar], {
    description: 'Who passed it on, from the sender of the transaction to the payer.',
  })
  readonly path!: readonly Address[];
}

@ObjectType('Claim', {
  simpleResolvers: true,
  description: 'A holder took its share of a snapshot.',
})
export class ClaimType extends RevenueOperationType {
  @Field(() => AddressScalar, { description: 'Who claimed and was paid.' })
  readonly holder!: Address;

  @Field(() => Int, { description: 'The snapshot.' })
  readonly snapshotId!: number;

  @Field(() => BigIntScalar, { description: 'Amount in wei.' })
  readonly amountWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Claimed of the snapshot by all holders, this claim included, in wei.',
  })
  readonly snapshotClaimedWei!: bigint;
}

@ObjectType('Redemption', {
  simpleResolvers: true,
  description: 'A holder burned tokens for revenue.',
})
export class RedemptionType extends RevenueOperationType {
  @Field(() => AddressScalar, { description: 'Who burned and was paid.' })
  readonly holder!: Address;

  @Field(() => BigIntScalar, { description: 'Tokens burned, in token units.' })
  readonly burned!: bigint;

  @Field(() => BigIntScalar, { description: 'Amount paid, in wei.' })
  readonly amountWei!: bigint;

  @Field(() => BigIntScalar, { description: 'The part that came from new revenue, in wei.' })
  readonly fromNewWei!: bigint;

  @Field(() => BigIntScalar, { description: 'The part that came from the redeem pool, in wei.' })
  readonly fromPoolWei!: bigint;
}

@ObjectType('Transfer', {
  simpleResolvers: true,
  description: 'An ERC-20 transfer; mints come from and burns go to the zero address.',
})
export class TransferType extends OperationType {
  @Field(() => Int, { description: 'Index of the log in its block.' })
  readonly logIndex!: number;

  @Field(() => AddressScalar, { description: 'Sender.' })
  readonly from!: Address;

  @Field(() => AddressScalar, { description: 'Recipient.' })
  readonly to!: Address;

  @Field(() => BigIntScalar, { description: 'Amount in token units.' })
  readonly amount!: bigint;
}
