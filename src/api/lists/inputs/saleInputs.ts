import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { ParticipationOrderBy } from '../../values/saleEnums.js';
import { AddressScalar } from '../../values/scalars.js';
import { AtInput, PageArgs } from '../engine/inputs.js';
import { SALE_LIST } from '../sales.js';
import type { ParticipationFields } from './listFields.js';
import { ParticipationWhere } from './listWheres.js';

@InputType('ParticipationFilter', {
  description: 'Which participations; all conditions must hold.',
})
export class ParticipationFilterInput extends SALE_LIST.Filter {
  @Field(() => AddressScalar, { nullable: true, description: 'Only in the sale at this address.' })
  readonly sale?: Address | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only of this account.' })
  readonly participant?: Address | null;
}

const AT_DESCRIPTION =
  'The moment to answer for; a block needs filter.chainId where several chains are indexed. Default: the newest indexed block of each chain.';

/** Arguments for participations of a known sale. */
@ArgsType()
export class ParticipantsArgs extends PageArgs {
  @Field(() => ParticipationWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<ParticipationFields> | null;

  @Field(() => ParticipationOrderBy, {
    defaultValue: ParticipationOrderBy.SALE,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: ParticipationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;
}

@ArgsType()
export class ParticipationsArgs extends PageArgs {
  @Field(() => ParticipationFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ParticipationFilterInput | null;

  @Field(() => ParticipationWhere, {
    nullable: true,
    description: 'Only these, by their own fields.',
  })
  readonly where?: Where<ParticipationFields> | null;

  @Field(() => ParticipationOrderBy, {
    defaultValue: ParticipationOrderBy.SALE,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: ParticipationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}
