import { Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { OperationRecord } from '../../../store/read/operations/operation.js';
import type { Hex } from '../../../store/read/query/decode.js';
import type { ApiContext } from '../../request/context.js';
import {
  AddressScalar,
  Bytes32Scalar,
  DateTimeScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { TokenIdentityType, tokenIdentity } from '../identities.js';

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

/** What every operation of a token answers. */
@Resolver(() => OperationType)
export class OperationResolver {
  @FieldResolver(() => TokenIdentityType, {
    description: 'Which token. Its figures depend on the moment: `token` has them.',
  })
  async token(@Root() { tokenNumber }: OperationNode, @Ctx() { books }: ApiContext) {
    return tokenIdentity(await books.tokenNumbered(tokenNumber));
  }
}
