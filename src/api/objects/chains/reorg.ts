import { Field, ObjectType } from 'type-graphql';
import type { ChainReorg } from '../../../store/read/chains/chainReorgs.js';
import type { Hex } from '../../../store/read/query/decode.js';
import { Bytes32Scalar, DateTimeScalar, SafeIntScalar } from '../../values/scalars.js';

@ObjectType('Reorg', {
  simpleResolvers: true,
  description: 'A reorganisation of a chain that the indexer handled.',
})
export class ReorgType implements ChainReorg {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => SafeIntScalar, { description: 'Counts the reorgs of the chain, from 1.' })
  readonly number!: number;

  @Field(() => SafeIntScalar, {
    description:
      'The first block that was taken back. After a reorg deeper than finality it can lie below the fork: of final blocks, hashes are kept only where something is booked.',
  })
  readonly firstBlock!: number;

  @Field(() => SafeIntScalar, { description: 'Indexed blocks that were taken back.' })
  readonly depth!: number;

  @Field(() => SafeIntScalar, { description: 'The newest block of the abandoned chain.' })
  readonly oldHead!: number;

  @Field(() => Bytes32Scalar, { description: 'The hash of oldHead.' })
  readonly oldHeadHash!: Hex;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Hash of firstBlock on the abandoned chain; null if it was not kept.',
  })
  readonly oldHash!: Hex | null;

  @Field(() => Bytes32Scalar, {
    nullable: true,
    description: 'Hash of firstBlock on the new chain; null if the new chain was shorter.',
  })
  readonly newHash!: Hex | null;

  @Field(() => SafeIntScalar, {
    description: 'Rows of the books that were taken back. The new blocks are booked again.',
  })
  readonly rowsTakenBack!: number;

  @Field(() => DateTimeScalar, { description: 'When the indexer handled it.' })
  readonly handledAt!: Date;
}
