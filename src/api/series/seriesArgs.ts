import { ArgsType, Field } from 'type-graphql';
import type { Address } from '../../address.js';
import type { Interval as IntervalName } from '../../store/read/operations/operationTotals.js';
import { DateTimeRange, TokenAtArgs } from '../lists/engine/inputs.js';
import { Interval } from '../values/enums.js';
import { AddressScalar } from '../values/scalars.js';

/** The arguments of a series of one token. */
@ArgsType()
export class TokenSeriesArgs extends TokenAtArgs {
  @Field(() => Interval, { description: 'Steps of time in UTC, without gaps.' })
  readonly interval!: IntervalName;

  @Field(() => DateTimeRange, {
    nullable: true,
    description:
      'Only the steps that contain these times, each of them whole. Default: from the first operation of the token to the moment of the answer.',
  })
  readonly timestamp?: DateTimeRange | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description:
      'Amounts in this ERC-20, which the token shares in addition to ETH, in its smallest unit. Default: in ETH, in wei.',
  })
  readonly asset?: Address | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Values the amounts of every step in this currency, as "EUR": see `values`. Default: they have no values.',
  })
  readonly currency?: string | null;
}
