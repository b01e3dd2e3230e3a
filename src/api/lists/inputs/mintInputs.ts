import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, DateTimeRange, IntRange, PageArgs } from '../engine/inputs.js';
import type { MintFields } from '../mints.js';
import { MintWhere } from './operationWheres.js';

@InputType('MintFilter', { description: 'Which mints; all conditions must hold.' })
export class MintFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only mints of this collection.' })
  readonly collection?: Address | null;

  @Field(() => IntRange, { nullable: true, description: 'Only blocks in this range.' })
  readonly block?: IntRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'Only times in this range.' })
  readonly timestamp?: DateTimeRange | null;
}

@ArgsType()
export class MintsArgs extends PageArgs {
  @Field(() => MintFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: MintFilterInput | null;

  @Field(() => MintWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<MintFields> | null;

  @Field(() => OperationOrderBy, {
    defaultValue: OperationOrderBy.CHAIN,
    description: 'What the list is ordered by; AMOUNT: what was paid.',
  })
  readonly orderBy!: OperationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Which end comes first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, {
    nullable: true,
    description: 'Only what had happened by then; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}
