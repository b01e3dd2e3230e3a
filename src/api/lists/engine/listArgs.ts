import { ArgsType, type ClassType, Field, registerEnumType } from 'type-graphql';
import { OrderDirection } from '../../values/enums.js';
import { AtInput, PageArgs } from './inputs.js';

/** The arguments that a list can have, in addition to those of a page. */
export type ListArgument = 'filter' | 'where' | 'orderBy' | 'direction' | 'at';

/** The default direction of a list, and the text of `direction`. */
export interface Ends {
  readonly first: OrderDirection;
  readonly text: string;
}

export const SMALLEST_FIRST: Ends = {
  first: OrderDirection.ASC,
  text: 'Oldest or smallest (ASC), or newest or largest (DESC) first.',
};

export const OLDEST_FIRST: Ends = {
  first: OrderDirection.ASC,
  text: 'Oldest (ASC) or newest (DESC) first.',
};

export const NEWEST_FIRST: Ends = {
  first: OrderDirection.DESC,
  text: 'Newest (DESC) or oldest (ASC) first.',
};

/** The type of `orderBy`, its default and its text. */
export interface OrderArgument {
  readonly type: object;
  readonly first: string | undefined;
  readonly text?: string;
}

/** What the arguments of a list are made from. */
export interface ListArgsOptions {
  /** Other arguments, which come first. */
  readonly Base?: ClassType<PageArgs>;
  /** The arguments of the list, in order. */
  readonly args: readonly ListArgument[];
  readonly Filter?: ClassType | null;
  readonly Where: ClassType;
  readonly orderBy?: OrderArgument | null;
  readonly ends: Ends;
  readonly at?: string;
}

/**
 * Makes the arguments of a list.
 *
 * @throws RangeError if an argument is not declared
 */
export function listArgs(options: ListArgsOptions): ClassType<PageArgs> {
  const { Base = PageArgs, args, Filter, Where, orderBy, ends, at } = options;
  class ListArgs extends Base {}
  const declare = (
    name: ListArgument,
    type: object | null | undefined,
    description: string,
    defaultValue?: string,
  ) => {
    if (type == null) throw new RangeError(`nothing declares the argument ${name}`);
    const given = { nullable: defaultValue === undefined, defaultValue, description };
    Field(() => type as ClassType, given)(ListArgs.prototype, name);
  };
  const declarations: Readonly<Record<ListArgument, () => void>> = {
    filter: () => declare('filter', Filter, 'Only these.'),
    where: () => declare('where', Where, 'Only these, by their own fields.'),
    orderBy: () =>
      declare(
        'orderBy',
        orderBy?.type,
        orderBy?.text ?? 'What the list is ordered by.',
        orderBy?.first,
      ),
    direction: () => declare('direction', OrderDirection, ends.text, ends.first),
    at: () => declare('at', AtInput, at ?? momentText('filter.chainId')),
  };
  for (const name of args) declarations[name]();
  ArgsType()(ListArgs);
  return ListArgs;
}

/** @param chain the argument that names a chain */
export function momentText(chain: string): string {
  return `The moment to answer for; a block needs ${chain} where several chains are indexed. Default: the newest indexed block of each chain.`;
}

/** One of the orders of a list. */
export interface NamedOrder {
  readonly text: string;
  /** Value of the argument; default: the name of the order. */
  readonly value?: string;
}

/** Makes the enum `<name>OrderBy`; the first order is the default. */
export function orderEnum(
  name: string,
  orders: Readonly<Record<string, NamedOrder>>,
  description: string,
): OrderArgument {
  const named = Object.entries(orders);
  const OrderBy = Object.fromEntries(named.map(([key, { value }]) => [key, value ?? key]));
  registerEnumType(OrderBy, {
    name: `${name}OrderBy`,
    description,
    valuesConfig: Object.fromEntries(named.map(([key, { text }]) => [key, { description: text }])),
  });
  return { type: OrderBy, first: Object.values(OrderBy)[0] };
}
