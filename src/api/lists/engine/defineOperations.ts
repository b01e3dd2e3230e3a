import type { ClassType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import {
  OPERATION_COLUMNS,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../../../store/read/operations/operation.js';
import type { Where } from '../../../store/read/query/where.js';
import { type Booked, valueResolver } from '../../objects/prices/valueResolver.js';
import type { ApiContext } from '../../request/context.js';
import { type ListTotals, listTotals, type TotalsDeclaration } from '../../totals/listTotals.js';
import { type Connection, connectionType, counted } from './connection.js';
import {
  comparableOf,
  type FilterField,
  filterInput,
  type ListFields,
  objectType,
  type ValuesOf,
  whereColumnsOf,
  whereOf,
} from './field.js';
import { ADDRESS } from './fieldKinds.js';
import { labelFields, labelResolvers } from './labels.js';
import { type OperationArgsOptions, operationArgs } from './operationArgs.js';
import { WHERE_AND_WHEN } from './operationFields.js';
import { type OperationListArgs, operationList } from './operationList.js';
import type { OperationOwner, OperationSet, ScopeFilter } from './operationSet.js';
import type { OwnerField, Owners } from './owners.js';
import { fieldResolver, queryResolver, type ResolvedField } from './resolver.js';
import { neededFields } from './shownFields.js';

/** The type of a row. */
export interface RowType<Name> {
  /** Default: the name of the list. */
  readonly name?: string;
  readonly text: string;
  /** Base class with fields that other types have too. */
  readonly base?: ClassType;
  /** Fields of the list that `base` declares. */
  readonly inherits?: readonly Name[];
}

/** The value of the rows in a currency. */
export interface RowValue<Node> {
  /** Name of the amount in the description of the field. */
  readonly what: string;
  of(node: Node, context: ApiContext): Booked | Promise<Booked>;
}

/** The declaration of a list of operations. */
export interface OperationsDeclaration<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  ReadFilter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  OwnerName extends string,
  Fields extends ListFields,
  Node extends ValuesOf<Fields>,
> extends OperationArgsOptions {
  /** Prefix of its types: `<name>Connection`, `<name>Where` and so on. */
  readonly name: string;
  /** Its name in queries, and the description of its answer. */
  readonly query: { readonly name: string; readonly text: string };
  /** Plural name of its rows. */
  readonly rows: string;
  readonly type: RowType<NoInfer<keyof Fields>>;
  readonly reader: OperationKind<Columns, Row, ReadFilter>;
  readonly owners: Owners<Owner, OwnerFilter, OwnerName>;
  toNode(row: Row, owner: Owner, asOf: AsOf): Node;
  readonly fields: Fields;
  /** The amount whose value clients can request; left out where `type.base` has it. */
  readonly value?: RowValue<NoInfer<Node>>;
  /** Addresses that have labels: rows and totals show them, and rows can be filtered by them. */
  readonly labelled?: readonly NoInfer<keyof Fields & string>[];
  /** Fields that are computed on demand. */
  readonly resolved?: Readonly<Record<string, ResolvedField<NoInfer<Node>>>>;
  /**
   * Fields of the type that are computed or come from elsewhere, with the fields of the rows that they need: then a
   * list that shows no more than these and its own reads no other columns.
   */
  readonly needs?: Readonly<Record<string, readonly NoInfer<keyof Row & string>[]>>;
  /** Fields of the rows that `toNode` needs. */
  readonly nodeNeeds?: readonly NoInfer<keyof Row & string>[];
  /** All that `reader` and `owners` can filter by. */
  readonly filter: {
    readonly [Name in keyof NoInfer<ReadFilter & OwnerFilter & ScopeFilter>]-?: FilterField;
  };
  /** Fields for which `reader` has an index. */
  readonly indexed: readonly NoInfer<keyof ReadFilter & string>[];
  readonly amount: NoInfer<keyof Fields & string> | null;
  readonly totals?: TotalsDeclaration<NoInfer<(keyof Fields & string) | OwnerName>>;
}

/** The parts of a list that the schema needs. */
export interface DefinedList {
  /** The query that returns the list. */
  readonly query: string;
  /** The type of its rows. */
  readonly Row: ClassType;
  /** The classes of its query, fields, value and totals; always the same. */
  resolvers(): readonly ClassType[];
}

export interface DefinedOperations<Filter> extends DefinedList {
  readonly Connection: ClassType<Connection<unknown>>;
  readonly Where: ClassType<Where<object>>;
  readonly totals: ListTotals<Filter> | null;
}

/**
 * Makes the types, the arguments, the resolvers and the totals of a list of operations. Pages,
 * cursors and counts come from `operationList`.
 *
 * @throws RangeError if it names an undeclared field
 */
export function defineOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  ReadFilter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  OwnerName extends string,
  Fields extends ListFields,
  Node extends ValuesOf<Fields>,
>(
  declared: OperationsDeclaration<
    Columns,
    Row,
    ReadFilter,
    Owner,
    OwnerFilter,
    OwnerName,
    Fields,
    Node
  >,
): DefinedOperations<ReadFilter & OwnerFilter> {
  type Args = OperationListArgs<ReadFilter & OwnerFilter>;
  const { name, query, rows, type, owners } = declared;
  const fields: ListFields = declared.fields;
  const ownerFields: Readonly<Record<string, OwnerField<Owner>>> = owners.fields;
  const named = { ...ownerFields, ...comparableOf(fields) };
  const labelled: readonly string[] = declared.labelled ?? [];
  const labels = labelFields(fields, labelled, 'w.chain_id');
  const inherited = new Set<PropertyKey>(type.inherits);
  const own = Object.entries(fields).filter(([key]) => !inherited.has(key));
  const RowClass = objectType(type.name ?? name, type.text, Object.fromEntries(own), type.base);
  const Where = whereOf(name, rows, { ...WHERE_AND_WHEN, ...named, ...labels });
  const Connection = connectionType(RowClass, name, rows);
  const Filter = filterInput(name, rows, declared.filter, named);
  const set: OperationSet<Columns, Row, ReadFilter, Owner, OwnerFilter, Node> = {
    kind: declared.reader,
    columns: { ...OPERATION_COLUMNS, ...whereColumnsOf({ ...fields, ...labels }) },
    ownerFields: gettersOf(ownerFields),
    ownerAddresses: gettersOf(ownerFields, ADDRESS),
    indexed: declared.indexed,
    amount: declared.amount,
    ownersOf: owners.ownersOf,
    ...(owners.assertKnownIds === undefined ? {} : { assertKnownIds: owners.assertKnownIds }),
    toNode: declared.toNode,
  };
  const shownIn = neededFields(declared);
  const list = queryResolver({
    ...query,
    answer: Connection,
    args: operationArgs(Filter, Where, declared),
    resolve: (context, args, info) =>
      counted(context, operationList(context, set, args as Args, shownIn(info))),
  });
  const { value } = declared;
  const ofLabels = labelResolvers<Node & { readonly chainId: number }>(
    labelled.map((of) => ({ of })),
    ({ chainId }) => chainId,
  );
  const resolved: Readonly<Record<string, ResolvedField<never>>> = {
    ...declared.resolved,
    ...ofLabels,
  };
  const hasResolved = Object.keys(resolved).length > 0;
  const resolvers = [list, ...(hasResolved ? [fieldResolver(RowClass, resolved)] : [])];
  const comparable = comparableOf(fields);
  const source = { name, rows, fields: comparable, labelled, ownerFields, Filter, Where };
  const totals = declared.totals === undefined ? null : listTotals(source, declared.totals, set);
  let all: readonly ClassType[] | null = null;
  return {
    query: query.name,
    Row: RowClass,
    Connection,
    Where,
    totals,
    // In the schema, value and totals come after all lists.
    resolvers() {
      all ??= [
        ...resolvers,
        ...(value === undefined ? [] : [valueResolver(RowClass, value.what, value.of)]),
        ...(totals === null ? [] : totals.resolvers()),
      ];
      return all;
    },
  };
}

/** What the owners have in fields, of one kind if it is given. */
function gettersOf<Owner>(
  fields: Readonly<Record<string, OwnerField<Owner>>>,
  ofKind?: OwnerField<Owner>['kind'],
): Readonly<Record<string, OwnerField<Owner>['of']>> {
  const wanted = Object.entries(fields).filter(
    ([, { kind }]) => ofKind === undefined || kind === ofKind,
  );
  return Object.fromEntries(wanted.map(([name, { of }]) => [name, of]));
}
