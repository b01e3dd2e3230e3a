import { ArgsType, type ClassType, Field } from 'type-graphql';
import { AtInput } from '../lists/engine/inputs.js';
import { Interval } from '../values/enums.js';
import { ValueBasis } from '../values/priceEnums.js';
import type { DescribedTotals } from './totalsTypes.js';

/** The arguments of totals, in addition to what they sum. */
@ArgsType()
class SeriesArgs {
  @Field(() => Interval, {
    nullable: true,
    description:
      'Steps of time in UTC, without gaps, over the times that filter and where ask about; else from the first row to the moment of the answer (to the last row if blocks before it are left out). At most 10,000. Default: all time together.',
  })
  readonly interval?: Interval | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Each step has what happened from the start of the series to its end.',
  })
  readonly cumulative!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Values the sums in this currency, as "EUR": see `value`. Default: they have no values.',
  })
  readonly currency?: string | null;

  @Field(() => ValueBasis, {
    defaultValue: 'at-each-entry',
    description: 'By which prices: those of each entry, or those of the moment of the answer.',
  })
  readonly basis!: ValueBasis;

  @Field(() => AtInput, {
    nullable: true,
    description: 'Only what had happened by then; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

/** Makes the arguments for totals of one kind of operation. */
export function totalsArgs<Owner>(
  FilterInput: ClassType<object>,
  WhereInput: ClassType<object>,
  { GroupBy }: DescribedTotals<Owner>,
): ClassType<object> {
  @ArgsType()
  class TotalsArgs extends SeriesArgs {
    @Field(() => FilterInput, { nullable: true, description: 'Only these.' })
    readonly filter?: object | null;

    @Field(() => WhereInput, { nullable: true, description: 'Only these, by their own fields.' })
    readonly where?: object | null;

    @Field(() => [GroupBy], {
      defaultValue: [],
      description: 'What to group by. Empty: one group, which is there even if no row matches.',
    })
    readonly groupBy!: readonly string[];
  }
  return TotalsArgs;
}
