import type { ClassType } from 'type-graphql';
import type { Parameters } from '../../../store/read/query/statement.js';
import { type Where, type WhereColumn, whereConditions } from '../../../store/read/query/where.js';
import type { OrderDirection } from '../../values/enums.js';
import { OperationOrderBy } from '../../values/orderEnums.js';
import { type Connection, connectionType } from './connection.js';
import {
  comparableOf,
  type FilterField,
  filterInput,
  type ListFields,
  type NamedKinds,
  objectType,
  whereColumnsOf,
  whereOf,
} from './field.js';
import type { AtInput, PageArgs } from './inputs.js';
import { labelFields, labelResolver } from './labels.js';
import {
  type Ends,
  type ListArgument,
  listArgs,
  type NamedOrder,
  type OrderArgument,
  orderEnum,
  SMALLEST_FIRST,
} from './listArgs.js';

/** The type of a row. */
export interface StoredRow {
  /** Default: the name of the list. */
  readonly name?: string;
  readonly text: string;
  /** The fields that it shows; default: the fields of the list. */
  readonly shows?: ListFields;
}

/** An order of a list that a statement reads. */
export interface StoredOrder<Name> extends NamedOrder {
  /** The field that orders the rows; `null`: their key only. */
  readonly by: Name | null;
}

/** The declaration of a list that its own statement reads. */
export interface StoredDeclaration<
  Fields extends ListFields,
  Owner extends string,
  Order extends string,
> {
  /**
   * Prefix of its types: `<name>`, `<name>Where`, `<name>OrderBy`, `<name>Filter` and
   * `<name>Connection`.
   */
  readonly name: string;
  /** What it is a list of, in the plural. */
  readonly rows: string;
  readonly type: StoredRow;
  /** Conditions on the owner of a row. Each statement knows the columns. */
  readonly owner?: Readonly<Record<Owner, NamedKinds[string]>>;
  readonly fields: Fields;
  /** Addresses that have labels, which rows show and can be filtered by. */
  readonly labelled?: {
    readonly fields: readonly NoInfer<keyof Fields & string>[];
    /** Others, whose labels an object of the row shows: it can be filtered by them only. */
    readonly within?: readonly NoInfer<keyof Fields & string>[];
    /** SQL of the chain id of a row. */
    readonly chain: string;
    chainOf(node: never): number;
  };
  /** The first is the default. */
  readonly orders?: Readonly<Record<Order, StoredOrder<NoInfer<keyof Fields & string>>>>;
  /** Text of `orderBy`; default: the order of a list of its rows. */
  readonly ordersText?: string;
  /** In place of its own orders: the field of `orderBy: AMOUNT`. */
  readonly amount?: { readonly field: NoInfer<keyof Fields & string>; readonly text: string };
  readonly filter?: Readonly<Record<string, FilterField>>;
  /** Its arguments, in their order. */
  readonly args: readonly ListArgument[];
  readonly ends?: Ends;
  /** The connection, if clients know it by another name. */
  readonly connection?: { readonly name: string; readonly description: string };
}

/** The arguments of a list that its own statement reads. */
export interface StoredListArgs<Order> extends PageArgs {
  readonly where?: Where<object> | null;
  readonly orderBy: Order;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** Conditions on the rows of a statement; every value is a parameter. */
export type Conditions = (parameters: Parameters) => readonly string[];

/** The order of a list: a column, and its value in a row. */
export interface OrderFigure<Row> {
  readonly sql: string;
  of(row: Row): bigint;
}

/** The parts of such a list that the schema needs. */
export interface DefinedStoredList<Name extends string, Owner extends string, Order> {
  readonly Row: ClassType;
  /** The classes that resolve the labels of its rows. */
  labels(): readonly ClassType[];
  readonly Args: ClassType<StoredListArgs<Order>>;
  readonly Filter: ClassType<object>;
  readonly Connection: ClassType<Connection<unknown>>;
  /** The columns of its fields in a statement. */
  readonly columns: Readonly<Record<string, WhereColumn<unknown>>>;
  /** Other arguments for the same list. */
  argsWith(args: readonly ListArgument[]): ClassType<StoredListArgs<Order>>;
  /** The conditions of the statement; `undefined`: none. */
  conditions(
    where: Where<object> | null | undefined,
    owner?: Readonly<Record<Owner, WhereColumn<never>>>,
  ): Conditions | undefined;
  /** `null`: the rows are ordered by their key only. */
  figureOf<Read extends Readonly<Partial<Record<Name, unknown>>>>(
    order: Order,
  ): OrderFigure<Read> | null;
}

/**
 * Makes the types, the conditions, the orders and the arguments of a list that its own statement
 * reads.
 *
 * @throws RangeError if the field of an order has no column
 */
export function defineStoredList<
  Fields extends ListFields,
  Owner extends string = never,
  Order extends string = never,
>(
  declared: StoredDeclaration<Fields, Owner, Order>,
): DefinedStoredList<keyof Fields & string, Owner, Order> {
  const { name, rows, type, fields, args, ends = SMALLEST_FIRST } = declared;
  const owner: NamedKinds = declared.owner ?? {};
  const Row = objectType(type.name ?? name, type.text, type.shows ?? fields);
  const { labelled } = declared;
  const labels = labelled === undefined ? {} : labelsOf(fields, labelled);
  const Where = whereOf(name, rows, { ...owner, ...comparableOf(fields), ...labels });
  const Filter =
    declared.filter === undefined
      ? null
      : filterInput(name, rows, declared.filter, { ...owner, ...comparableOf(fields) });
  const columns = whereColumnsOf({ ...fields, ...labels });
  const { orders, orderBy } = ordersOf(declared);
  const argsWith = (wanted: readonly ListArgument[]) =>
    listArgs({ args: wanted, Filter, Where, orderBy, ends }) as ClassType<StoredListArgs<Order>>;
  const figures = new Map(
    Object.entries(orders).map(([key, { value, by }]) => {
      if (by === null) return [value ?? key, null];
      const sql = columns[by]?.sql;
      if (sql === undefined) throw new RangeError(`${name} is ordered by ${by}: it has no column`);
      const of = (row: Readonly<Record<string, unknown>>) => BigInt(String(row[by]));
      return [value ?? key, { sql, of }];
    }),
  );
  return {
    Row,
    labels: () =>
      labelled === undefined ? [] : [labelResolver(Row, labelled.fields, labelled.chainOf)],
    Args: argsWith(args),
    Filter: Filter ?? class {},
    Connection: connectionType(Row, name, rows, declared.connection),
    columns,
    argsWith,
    conditions(where, ownerColumns) {
      if (where == null) return undefined;
      const all = { ...ownerColumns, ...columns };
      return (parameters) => whereConditions(where, all, parameters);
    },
    figureOf: (order) => figures.get(order) ?? null,
  };
}

function labelsOf(
  fields: ListFields,
  {
    fields: shown,
    within = [],
    chain,
  }: NonNullable<StoredDeclaration<ListFields, never, never>['labelled']>,
) {
  return labelFields(fields, [...shown, ...within], chain);
}

interface Orders<Name> {
  readonly orders: Readonly<Record<string, StoredOrder<Name>>>;
  readonly orderBy: OrderArgument | null;
}

function ordersOf<Fields extends ListFields, Owner extends string, Order extends string>({
  name,
  rows,
  orders,
  ordersText = `What a list of ${rows} is ordered by.`,
  amount,
}: StoredDeclaration<Fields, Owner, Order>): Orders<keyof Fields & string> {
  if (orders !== undefined) return { orders, orderBy: orderEnum(name, orders, ordersText) };
  if (amount === undefined) return { orders: {}, orderBy: null };
  const { field, text } = amount;
  return {
    orders: { CHAIN: { text, by: null }, AMOUNT: { text, by: field } },
    orderBy: {
      type: OperationOrderBy,
      first: OperationOrderBy.CHAIN,
      text: `What the list is ordered by; AMOUNT: ${text}.`,
    },
  };
}
