import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { ParticipationOrderBy, SaleKind, SaleOrderBy } from '../../values/saleEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, PageArgs } from '../engine/inputs.js';
import type { ParticipationFields, SaleFields } from './listFields.js';
import { ParticipationWhere, SaleWhere } from './listWheres.js';

@InputType('SaleFilter', { description: 'Which sales; all conditions must hold.' })
export class SaleFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only sales of this token.' })
  readonly token?: Address | null;

  @Field(() => SaleKind, { nullable: true, description: 'Only this kind.' })
  readonly kind?: SaleKind | null;
}

@InputType('ParticipationFilter', {
  description: 'Which participations; all conditions must hold.',
})
export class ParticipationFilterInput extends SaleFilterInput {
  @Field(() => AddressScalar, { nullable: true, description: 'Only in the sale at this address.' })
  readonly sale?: Address | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only of this account.' })
  readonly participant?: Address | null;
}

const AT_DESCRIPTION =
  'The moment to answer for; a block needs filter.chainId where several chains are indexed. Default: the newest indexed block of each chain.';

@ArgsType()
export class SalesArgs extends PageArgs {
  @Field(() => SaleFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: SaleFilterInput | null;

  @Field(() => SaleWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<SaleFields> | null;

  @Field(() => SaleOrderBy, {
    defaultValue: SaleOrderBy.INDEXED,
    description: 'What the list is ordered by.',
  })
  readonly orderBy!: SaleOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

/** Which participations of a sale that is already known. */
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
