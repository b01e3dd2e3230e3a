import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { Hex } from '../../../store/read/query/decode.js';
import { BigIntScalar, Bytes32Scalar } from '../../values/scalars.js';
import { MintPaymentType } from './aigcToken.js';
import { CollectionType } from './collection.js';

@ObjectType('Mint', {
  simpleResolvers: true,
  description: 'A call that minted tokens of a collection, and the money that came in with it.',
})
export class MintType extends MintPaymentType {
  @Field(() => ID, { description: 'Unique; sorts in the order of the chain.' })
  readonly id!: string;

  @Field(() => CollectionType, { description: 'The collection, as of the moment of the list.' })
  readonly collection!: CollectionType;

  @Field(() => Bytes32Scalar, { description: 'Transaction.' })
  declare readonly transactionHash: Hex;

  @Field(() => Int, { description: 'Index of the transaction in its block.' })
  readonly transactionIndex!: number;

  @Field(() => BigIntScalar, { description: 'Reached revenue tokens inside the call, in wei.' })
  readonly revenueWei!: bigint;
}
