import { Field, ObjectType } from 'type-graphql';
import type { Hex } from '../../../store/read/query/decode.js';
import { Bytes32Scalar, DateTimeScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('AsOf', {
  simpleResolvers: true,
  description: 'The block at whose end an answer holds.',
})
export class AsOfType {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => SafeIntScalar, { description: 'Block number.' })
  readonly block!: number;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Its hash; null where it is not kept: final blocks without an operation.',
  })
  readonly hash!: Hex | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Its time; null where it is not kept.',
  })
  readonly timestamp!: Date | null;
}
