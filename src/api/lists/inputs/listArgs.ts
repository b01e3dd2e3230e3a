import { ArgsType, Field } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { HolderValues } from '../../../store/read/holders/holderScope.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { HolderOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, PageArgs } from '../engine/inputs.js';
import { HolderFilterInput } from './filters.js';
import { HolderWhere } from './listWheres.js';

/** Arguments for a token and a moment. */
@ArgsType()
export class TokenAtArgs {
  @Field(() => SafeIntScalar, { description: 'EIP-155 chain id.' })
  readonly chainId!: number;

  @Field(() => AddressScalar, { description: 'The token.' })
  readonly token!: Address;

  @Field(() => AtInput, {
    nullable: true,
    description: 'The moment to answer for; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

/** Arguments for a list of a token's holders. */
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

  @Field(() => HolderWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<HolderValues> | null;
}
