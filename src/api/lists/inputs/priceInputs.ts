import { ArgsType, Field, InputType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Where } from '../../../store/read/query/where.js';
import { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { AddressScalar, AssetScalar, SafeIntScalar } from '../../values/scalars.js';
import { AtInput, DateTimeRange, IntRange, PageArgs } from '../engine/inputs.js';
import type { PriceFields } from './listFields.js';
import { PriceWhere } from './operationWheres.js';

/** The currency that a value is asked in. */
@ArgsType()
export class CurrencyArgs {
  @Field(() => String, { description: 'Code of the currency in capitals, as "USD".' })
  readonly currency!: string;
}

@InputType('PriceFilter', { description: 'Which rounds; all conditions must hold.' })
export class PriceFilterInput {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;

  @Field(() => AssetScalar, { nullable: true, description: 'Only prices of this asset.' })
  readonly asset?: string | null;

  @Field(() => String, { nullable: true, description: 'Only in this currency, as "USD".' })
  readonly currency?: string | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Only of this aggregator.' })
  readonly aggregator?: Address | null;

  @Field(() => IntRange, { nullable: true, description: 'Only blocks in this range.' })
  readonly block?: IntRange | null;

  @Field(() => DateTimeRange, { nullable: true, description: 'Only times in this range.' })
  readonly timestamp?: DateTimeRange | null;
}

@ArgsType()
export class PricesArgs extends PageArgs {
  @Field(() => PriceFilterInput, { nullable: true, description: 'Only these.' })
  readonly filter?: PriceFilterInput | null;

  @Field(() => PriceWhere, { nullable: true, description: 'Only these, by their own fields.' })
  readonly where?: Where<PriceFields> | null;

  @Field(() => OperationOrderBy, {
    defaultValue: OperationOrderBy.CHAIN,
    description:
      'What the list is ordered by; AMOUNT: the answer as received, whatever the decimals of its feed.',
  })
  readonly orderBy!: OperationOrderBy;

  @Field(() => OrderDirection, {
    defaultValue: OrderDirection.DESC,
    description: 'Newest or largest (DESC), or oldest or smallest (ASC) first.',
  })
  readonly direction!: OrderDirection;

  @Field(() => AtInput, {
    nullable: true,
    description:
      'Only what had happened by then; a block needs filter.chainId where several chains are indexed. Default: the newest indexed block of each chain.',
  })
  readonly at?: AtInput | null;
}
