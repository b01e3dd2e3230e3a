import type { AsOf } from '../../../store/read/chains/asOf.js';
import type {
  OperationColumns,
  OperationKind,
  OperationRecord,
  OperationValues,
} from '../../../store/read/operations/operation.js';
import type { OperationQuery } from '../../../store/read/operations/operationSelect.js';
import { readOperationWindows } from '../../../store/read/operations/operationWindows.js';
import type { Range } from '../../../store/read/query/decode.js';
import { compareValues } from '../../../store/read/query/keysetPage.js';
import {
  ownerColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from '../../../store/read/query/where.js';
import { type WhereGetters, wherePasses } from '../../../store/read/query/wherePasses.js';
import type { ApiContext } from '../../request/context.js';
import { OrderDirection } from '../../values/enums.js';
import type { AtInput } from './inputs.js';
import { assertBounded } from './whereBounds.js';
import { conjuncts, equalValues, given, rangeOf } from './whereScope.js';

/** A contract whose operations are shown; their row ids begin with its number. */
export interface OperationOwner {
  readonly number: number;
  readonly chainId: number;
}

/** What every filter of operations can have. */
export interface ScopeFilter {
  readonly chainId?: number | null;
  readonly block?: Range<number> | null;
  readonly timestamp?: Range<Date> | null;
}

/** What lists and totals of one kind of operation are made of. */
export interface OperationSet<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
  Values extends OperationValues,
  Owner extends OperationOwner,
  OwnerFilter,
  OwnerValues extends object,
  Node,
> {
  readonly kind: OperationKind<Columns, Row, Filter>;
  /** The fields of a row. */
  readonly columns: WhereColumns<Values>;
  /** The fields of the contract that it belongs to. */
  readonly ownerFields: WhereGetters<Owner, OwnerValues>;
  /** Fields that are found by an index if `Filter` has their value. */
  readonly indexed: readonly (keyof Values & keyof Filter & string)[];
  /** The contracts of the chains that the filter lets through. */
  ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    filter: OwnerFilter,
  ): Promise<readonly Owner[]>;
  toNode(row: Row, owner: Owner, asOf: AsOf): Node;
}

/** Which operations of a set, and when. */
export interface OperationSelectionArgs<Filter, Values extends object> {
  readonly filter?: (Filter & ScopeFilter) | null;
  readonly where?: Where<Values> | null;
  readonly at?: AtInput | null;
}

/** What the arguments select. */
export interface SelectedOperations<Filter, Owner> {
  readonly query: OperationQuery<Filter>;
  readonly chains: ReadonlyMap<number, AsOf>;
  readonly owners: ReadonlyMap<number, Owner>;
  /** The moments, by chain id. */
  readonly asOf: readonly AsOf[];
}

/**
 * Finds the contracts and the ranges of the index that have the operations.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `NOTHING_INDEXED`, `BAD_AT`, `BLOCK_NOT_INDEXED` and those
 *   of `ownersOf`; GraphQLError `WHERE_TOO_LARGE`.
 */
export async function selectedOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter extends object,
  Values extends OperationValues,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  OwnerValues extends object,
  Node,
>(
  context: ApiContext,
  set: OperationSet<Columns, Row, Filter, Values, Owner, OwnerFilter, OwnerValues, Node>,
  args: OperationSelectionArgs<Filter & OwnerFilter, Values & OwnerValues>,
  direction: OrderDirection = OrderDirection.ASC,
): Promise<SelectedOperations<Filter, Owner>> {
  const { where } = args;
  assertBounded(where);
  // Without a filter everything passes: no field of any filter is required.
  const filter = args.filter ?? ({} as Filter & OwnerFilter & ScopeFilter);
  await context.books.assertIndexed();
  const chains = await context.books.asOfChains(filter.chainId, args.at);
  const parts = conjuncts<Values & OwnerValues>(where);
  const all = await set.ownersOf(context, chains, filter);
  const owners = all.filter((owner) => parts.every((part) => ownerPasses(owner, part, set)));
  const windows = await readOperationWindows(context.db, {
    tokens: owners,
    asOf: chains,
    block: rangeOf(parts as readonly Where<OperationValues>[], 'block', filter.block),
    timestamp: rangeOf(parts as readonly Where<OperationValues>[], 'timestamp', filter.timestamp),
  });
  const columns = { ...set.columns, ...ownerColumns(set.ownerFields, owners) };
  return {
    query: {
      windows,
      filter: {
        ...equalValues<Values & OwnerValues, never>(parts, set.indexed as never[]),
        ...given(filter),
      },
      where: (parameters) =>
        whereConditions(where, columns as WhereColumns<Values & OwnerValues>, parameters),
      direction,
    },
    chains,
    owners: new Map(owners.map((owner) => [owner.number, owner])),
    asOf: [...chains.values()].toSorted((left, right) =>
      compareValues(left.chainId, right.chainId),
    ),
  };
}

function ownerPasses<Owner extends OperationOwner, OwnerValues extends object>(
  owner: Owner,
  part: Where<object>,
  { ownerFields }: { readonly ownerFields: WhereGetters<Owner, OwnerValues> },
): boolean {
  const getters = { ...ownerFields, chainId: ({ chainId }: Owner) => chainId };
  const ofOwner = Object.keys(getters).map((field) => [field, part[field as keyof typeof part]]);
  return wherePasses(owner, Object.fromEntries(ofOwner), getters as WhereGetters<Owner, object>);
}

function ownerColumns<Owner extends OperationOwner, OwnerValues extends object>(
  fields: WhereGetters<Owner, OwnerValues>,
  owners: readonly Owner[],
): WhereColumns<OwnerValues> {
  const columns = (Object.keys(fields) as (keyof OwnerValues)[]).map((field) => {
    const numbersOf = (value: unknown) =>
      owners.filter((owner) => fields[field](owner) === value).map(({ number }) => number);
    return [field, ownerColumn('w.token_number', numbersOf)];
  });
  return Object.fromEntries(columns) as WhereColumns<OwnerValues>;
}
