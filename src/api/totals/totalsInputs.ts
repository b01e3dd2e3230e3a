import { ArgsType, type ClassType, Field } from 'type-graphql';
import type { Where } from '../../store/read/query/where.js';
import { AtInput } from '../lists/engine/inputs.js';
import { Interval } from '../values/enums.js';
import type { DescribedTotals } from './totalsTypes.js';

/** The arguments of totals, beside what they are of. */
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
    description: 'Each step has what happened from the begin of the series to its end.',
  })
  readonly cumulative!: boolean;

  @Field(() => AtInput, {
    nullable: true,
    description: 'Only what had happened by then; default: the newest indexed block.',
  })
  readonly at?: AtInput | null;
}

/** What a client asks of totals. */
export interface TotalsQueryArgs<Filter, Fields extends object> extends SeriesArgs {
  readonly filter?: Filter | null;
  readonly where?: Where<Fields> | null;
  readonly groupBy: readonly string[];
}

/** Makes the arguments for totals of one kind of operation. */
export function totalsArgs<Filter extends object, Fields extends object, Owner>(
  FilterInput: ClassType<Filter>,
  WhereInput: ClassType<Where<Fields>>,
  { GroupBy }: DescribedTotals<Owner>,
): ClassType<TotalsQueryArgs<Filter, Fields>> {
  @ArgsType()
  class TotalsArgs extends SeriesArgs {
    @Field(() => FilterInput, { nullable: true, description: 'Only these.' })
    readonly filter?: Filter | null;

    @Field(() => WhereInput, { nullable: true, description: 'Only these, by their own fields.' })
    readonly where?: Where<Fields> | null;

    @Field(() => [GroupBy], {
      defaultValue: [],
      description: 'What to group by. Empty: one group, which is there even if no row matches.',
    })
    readonly groupBy!: readonly string[];
  }
  return TotalsArgs;
}
