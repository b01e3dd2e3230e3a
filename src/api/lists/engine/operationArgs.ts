import { ArgsType, type ClassType, Field } from 'type-graphql';
import { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { AtInput, PageArgs } from './inputs.js';

/** Properties of a list of operations that its arguments depend on. */
export interface OperationArgsOptions {
  /** The field of `orderBy: AMOUNT`; `null`: the list has chain order only. */
  readonly amount: string | null;
  /** Which end comes first by default. Without it: the newest or largest. */
  readonly direction?: OrderDirection;
  /** Whether `filter` and `where` come last, as in the first published lists. */
  readonly filterLast?: boolean;
}

/** Makes the arguments of a list of operations. */
export function operationArgs(
  Filter: ClassType,
  Where: ClassType,
  { amount, direction = OrderDirection.DESC, filterLast = false }: OperationArgsOptions,
): ClassType<PageArgs> {
  class OperationArgs extends PageArgs {}
  const declare = (name: string, type: unknown, description: string, defaultValue?: string) =>
    Field(() => type as ClassType, {
      nullable: defaultValue === undefined,
      defaultValue,
      description,
    })(OperationArgs.prototype, name);
  const declareFilter = () => {
    declare('filter', Filter, 'Only these.');
    declare('where', Where, 'Only these, by their own fields.');
  };
  if (!filterLast) declareFilter();
  if (amount !== null) {
    const description = `What the list is ordered by; AMOUNT: \`${amount}\`.`;
    declare('orderBy', OperationOrderBy, description, OperationOrderBy.CHAIN);
  }
  const ends = 'Newest or largest (DESC), or oldest or smallest (ASC) first.';
  declare('direction', OrderDirection, ends, direction);
  declare(
    'at',
    AtInput,
    'Only what had happened by then; a block needs filter.chainId where several chains are indexed. Default: the newest indexed block of each chain.',
  );
  if (filterLast) declareFilter();
  ArgsType()(OperationArgs);
  return OperationArgs;
}
