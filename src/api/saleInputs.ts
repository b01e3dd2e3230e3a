import { ArgsType, Field, InputType, Int } from 'type-graphql';
import type { Address } from '../address.js';
import { OrderDirection } from './enums.js';
import { AtInput, PageArgs } from './inputs.js';
import { SaleEntryKind, SaleKind } from './saleEnums.js';
import { AddressScalar } from './scalars.js';

@InputType('SaleFilter', { description: 'Which sales; all conditions must hold.' })
export class SaleFilterInput {
  @Field(() => Int, { nullable: true, description: 'Only this chain (EIP-155 id).' })
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

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

@ArgsType()
export class ParticipationsArgs extends PageArgs {
  @Field(() => ParticipationFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: ParticipationFilterInput | null;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}

@InputType('SaleEntryFilter', { description: 'Which entries; all conditions must hold.' })
export class SaleEntryFilterInput extends ParticipationFilterInput {
  @Field(() => SaleEntryKind, { nullable: true, description: 'Only entries of this kind.' })
  readonly entryKind?: SaleEntryKind | null;
}

@ArgsType()
export class SaleEntriesArgs extends PageArgs {
  @Field(() => SaleEntryFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: SaleEntryFilterInput | null;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.ASC,
    description: 'By sale, oldest (ASC) first; or all of it the other way round (DESC).',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, { nullable: true, description: AT_DESCRIPTION })
  readonly at?: AtInput | null;
}
