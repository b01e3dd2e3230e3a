import { Field, InputType } from 'type-graphql';
import { BigIntScalar } from '../../values/scalars.js';

@InputType('HolderFilter', { description: 'Which holders; all conditions must hold.' })
export class HolderFilterInput {
  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Balance not less than this, token units; "1" leaves out former holders.',
  })
  readonly minBalance?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Balance not more than this, token units.',
  })
  readonly maxBalance?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Claimable in all open snapshots together not less than this, wei.',
  })
  readonly minClaimableWei?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Claimed so far not less than this, wei.',
  })
  readonly minClaimedWei?: bigint | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Paid for burned tokens so far not less than this, wei.',
  })
  readonly minRedeemedWei?: bigint | null;
}
