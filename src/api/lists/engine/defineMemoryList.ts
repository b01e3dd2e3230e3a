import type { ClassType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { Where } from '../../../store/read/query/where.js';
import type { WhereGetters } from '../../../store/read/query/wherePasses.js';
import type { OrderDirection } from '../../values/enums.js';
import type { Connection } from './connection.js';
import { type FilterField, filterInput, type NamedKinds, objectType, whereOf } from './field.js';
import type { FieldKind } from './fieldKinds.js';
import type { AtInput, PageArgs } from './inputs.js';
import { listArgs, momentText, orderEnum, SMALLEST_FIRST } from './listArgs.js';
import { memoryList, mentions } from './memoryList.js';

/** A field of rows in memory. */
export interface MemoryField<Row, Value> {
  readonly kind: FieldKind<Value>;
  /** Its meaning and its unit. */
  readonly text: string;
  of(row: Row): Value | null;
  /** The field costs a separate read, which happens only if the query needs it. */
  readonly isFigure?: boolean;
}

/** The orders of the rows. */
export interface MemoryOrder<Row> {
  readonly text: string;
  /** Compared before the key of the row. */
  of(row: Row): readonly bigint[];
}

type MemoryFields<Row> = Readonly<Record<string, MemoryField<Row, unknown>>>;

/** The value that a filter requires of a field. */
export type FilterValues<Fields, Name extends keyof Fields> = {
  readonly [Filtered in Name]?:
    | (Fields[Filtered] extends { readonly kind: FieldKind<infer Value> } ? Value : never)
    | null;
};

/** The declaration of a list that is ordered in memory. */
export interface MemoryDeclaration<
  Row,
  Node,
  Fields extends MemoryFields<Row>,
  Name extends keyof Fields & string,
  Order extends string,
> {
  /** Prefix of its types: `<name>Where`, `<name>OrderBy` and `<name>Filter`. */
  readonly name: string;
  /** The type of its rows, if it consists of the fields only. */
  readonly type?: string;
  /** What it is a list of, in the plural. */
  readonly rows: string;
  toNode(row: Row): Node;
  /** The key of a row: different for all rows. */
  keyOf(row: Row): readonly (bigint | string)[];
  readonly fields: Fields;
  /** The first order is the default, and does not need figures. */
  readonly orders: Readonly<Record<Order, MemoryOrder<Row>>>;
  /** Text of `orderBy`; default: the order of a list of its rows. */
  readonly ordersText?: string;
  /** Filters for rows with one value in the field of the same name. */
  readonly filter?: Readonly<Record<Name, FilterField>>;
  /** Further arguments, which come first. */
  readonly Base?: ClassType<PageArgs>;
  /** Whether `at` is an argument of its own, or `Base` or the row above has the moment. */
  readonly moment?: 'argument' | 'above';
  /** Prefix of its cursors; default: `rows`. */
  readonly cursor?: string;
}

/** The arguments of a list in memory. */
export interface MemoryListArgs<Filter, Order> extends PageArgs {
  readonly filter?: Filter | null;
  readonly where?: Where<object> | null;
  readonly orderBy: Order;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** The parts of a list in memory that the schema needs. */
export interface DefinedMemoryList<Row, Node, Filter extends object, Order> {
  readonly Row: ClassType;
  readonly Args: ClassType<MemoryListArgs<Filter, Order>>;
  readonly Filter: ClassType<Filter>;
  /**
   * Returns a page of the rows that pass filter and conditions.
   *
   * @param withFigures reads the figures of a row; called only if the query needs them
   * @throws GraphQLError `BAD_PAGE` or `BAD_CURSOR`
   */
  page(
    rows: readonly Row[],
    asOf: readonly AsOf[],
    args: MemoryListArgs<Filter, Order>,
    withFigures?: (row: Row) => Promise<Row>,
  ): Promise<Connection<Node>>;
}

/** Makes the conditions, the filter, the orders, the arguments and the pages of a list in memory. */
export function defineMemoryList<
  Row,
  Node,
  Fields extends MemoryFields<Row>,
  Order extends string,
  Name extends keyof Fields & string = never,
>(
  declared: MemoryDeclaration<Row, Node, Fields, Name, Order>,
): DefinedMemoryList<Row, Node, FilterValues<Fields, Name>, Order> {
  const { rows: plural, fields, orders, filter, keyOf, toNode, cursor = plural } = declared;
  const getters = Object.fromEntries(Object.entries(fields).map(([name, { of }]) => [name, of]));
  const figures = new Set(Object.keys(fields).filter((name) => fields[name]?.isFigure ?? false));
  const Filter = filter === undefined ? null : filterInput(declared.name, plural, filter, fields);
  const [first] = Object.keys(orders);
  const filtered = Object.keys(filter ?? {});
  return {
    Row: declared.type === undefined ? class {} : memoryRow(declared.name, declared.type, fields),
    Filter: (Filter ?? class {}) as ClassType<FilterValues<Fields, Name>>,
    Args: memoryArgs(declared, Filter) as ClassType<
      MemoryListArgs<FilterValues<Fields, Name>, Order>
    >,
    async page(rows, asOf, args, withFigures) {
      const wanted = Object.entries(args.filter ?? {}).filter(
        ([name, value]) => value != null && filtered.includes(name),
      );
      const passes = (row: Row) => wanted.every(([name, value]) => getters[name]?.(row) === value);
      const passing = rows.filter(passes);
      const needsFigures =
        withFigures !== undefined && (args.orderBy !== first || mentions(args.where, figures));
      const list = {
        list: `${cursor}:${args.orderBy}`,
        rows: needsFigures ? await Promise.all(passing.map(withFigures)) : passing,
        getters: getters as WhereGetters<Row, object>,
        keyOf: (row: Row) => [...orders[args.orderBy].of(row), ...keyOf(row)],
        asOf,
        toNode,
      };
      return memoryList(list, args);
    },
  };
}

function memoryRow(name: string, text: string, fields: NamedKinds): ClassType {
  const shownFields = Object.entries(fields).map(([key, { kind, text: meaning }]) => {
    return [key, { shows: kind.type, text: meaning, isNullable: false }];
  });
  return objectType(name, text, Object.fromEntries(shownFields));
}

function memoryArgs<
  Row,
  Node,
  Fields extends MemoryFields<Row>,
  Name extends keyof Fields & string,
  Order extends string,
>(
  declared: MemoryDeclaration<Row, Node, Fields, Name, Order>,
  Filter: ClassType | null,
): ClassType {
  const { name, rows, fields, orders, Base, moment = 'argument' } = declared;
  const filter = Filter === null ? [] : (['filter'] as const);
  const at = moment === 'argument' ? (['at'] as const) : [];
  return listArgs({
    Base,
    args: [...filter, 'where', 'orderBy', 'direction', ...at],
    Filter,
    Where: whereOf(name, rows, fields),
    orderBy: orderEnum(
      name,
      orders,
      declared.ordersText ?? `What a list of ${rows} is ordered by.`,
    ),
    ends: SMALLEST_FIRST,
    at: momentText(Filter === null ? 'chainId' : 'filter.chainId'),
  });
}
