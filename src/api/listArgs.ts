import { ArgsType, Field, Int } from 'type-graphql';
import type { Address } from '../address.js';
import { HolderOrderBy, OrderDirection } from './enums.js';
import { HolderFilterInput } from './filters.js';
import { AtInput, PageArgs } from './inputs.js';
import { AddressScalar } from './scalars.js';

/** Which token, and when. */
@ArgsType()
export class TokenAtArgs {
  @Field(() => Int, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The token.' })
  readonly token!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

/** Which of a token's snapshots. */
@ArgsType()
export class SnapshotListArgs extends PageArgs {
  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Newest (DESC) or oldest (ASC) first.',
  })
  readonly direction!: OrderDirection;
}

/** Which of a token's holders. */
@ArgsType()
export class HolderListArgs extends PageArgs {
  @Field(() => HolderOrderBy, {
    defaultValue: HolderOrderBy.BALANCE,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: HolderOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Largest (DESC) or smallest (ASC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => HolderFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: HolderFilterInput | null;
}
