import { Field, InputType } from 'type-graphql';
import { BigIntScalar, SafeIntScalar } from '../../values/scalars.js';

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

@InputType('TokenFilter', { description: 'Which tokens; all conditions must hold.' })
export class TokenFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => String, { nullable: true, description: 'Only this revenue policy, by its name.' })
  readonly policy?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only this symbol, exactly, as the field `symbol` shows it.',
  })
  readonly symbol?: string | null;
}
