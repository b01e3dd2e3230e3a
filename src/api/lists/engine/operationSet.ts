import { assertForward } from '../../../books/askedRange.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type {
  OperationColumns,
  OperationKind,
  OperationRecord,
  OperationValues,
} from '../../../store/read/operations/operation.js';
import type { OperationQuery } from '../../../store/read/operations/operationSelect.js';
import { readOperationWindows } from '../../../store/read/operations/operationWindows.js';
import { transactionWindows } from '../../../store/read/operations/transactionWindows.js';
import type { Hex, Range } from '../../../store/read/query/decode.js';
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
import type { AskedIds } from './askedIds.js';
import type { AtInput } from './inputs.js';
import { assertKnownOwners } from './knownOwners.js';
import { assertBounded } from './whereBounds.js';
import { conjuncts, equalValues, given, rangeOf, requiredValues } from './whereScope.js';

/** A contract whose operations are shown. Their row ids start with its number. */
export interface OperationOwner {
  readonly number: number;
  readonly chainId: number;
  /** The first block from which it is indexed. */
  readonly startBlock: number;
}

/** The fields that every filter of operations can have. */
export interface ScopeFilter {
  readonly chainId?: number | null;
  readonly block?: Range<number> | null;
  readonly timestamp?: Range<Date> | null;
}

/** The parts of lists and totals of one kind of operation. */
export interface OperationSet<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter,
  Owner extends OperationOwner,
  OwnerFilter,
  Node,
> {
  readonly kind: OperationKind<Columns, Row, Filter>;
  /** The fields of a row. */
  readonly columns: WhereColumns<OperationValues>;
  /** The fields of the contract that it belongs to. */
  readonly ownerFields: OwnerGetters<Owner>;
  /** Those of them that are addresses. */
  readonly ownerAddresses: OwnerGetters<Owner>;
  /** Fields for which an index exists, if `Filter` has their value. */
  readonly indexed: readonly (keyof Filter & string)[];
  /** The field of the rows that `orderBy: AMOUNT` compares; `null`: the list has no such order. */
  readonly amount: string | null;
  /** Returns the contracts of the chains that pass the filter. */
  ownersOf(
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    filter: OwnerFilter,
    where?: Where<object> | null,
  ): Promise<readonly Owner[]>;
  /** Rejects ids in filter and conditions that do not exist. */
  assertKnownIds?(context: ApiContext, question: AskedIds, owners: readonly Owner[]): Promise<void>;
  toNode(row: Row, owner: Owner, asOf: AsOf): Node;
}

type OwnerGetters<Owner> = Readonly<Record<string, (owner: Owner) => string | null>>;

/** The selected operations of a set, and the moment. */
export interface OperationSelectionArgs<Filter> {
  readonly filter?: (Filter & ScopeFilter) | null;
  /** Conditions, also on the fields of the list, which have their own input type. */
  readonly where?: Where<OperationValues> | null;
  readonly at?: AtInput | null;
}

/** The result of applying the arguments. */
export interface SelectedOperations<Filter, Owner> {
  readonly query: OperationQuery<Filter>;
  readonly chains: ReadonlyMap<number, AsOf>;
  readonly owners: ReadonlyMap<number, Owner>;
  /** The moments, by chain id. */
  readonly asOf: readonly AsOf[];
}

/**
 * Finds the contracts and the ranges of the index that contain the operations.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `NOTHING_INDEXED`, `BAD_AT`, `BAD_RANGE`, `BLOCK_NOT_INDEXED`,
 * `BEFORE_START`, `UNKNOWN_CONTRACT` and those of `ownersOf`; GraphQLError `WHERE_TOO_LARGE`
 */
export async function selectedOperations<
  Columns extends OperationColumns,
  Row extends OperationRecord,
  Filter extends object,
  Owner extends OperationOwner,
  OwnerFilter extends object,
  Node,
>(
  context: ApiContext,
  set: OperationSet<Columns, Row, Filter, Owner, OwnerFilter, Node>,
  args: OperationSelectionArgs<Filter & OwnerFilter>,
  direction: OrderDirection = OrderDirection.ASC,
): Promise<SelectedOperations<Filter, Owner>> {
  const { where } = args;
  assertBounded(where);
  // Without a filter, everything passes: no filter has a required field.
  const filter = args.filter ?? ({} as Filter & OwnerFilter & ScopeFilter);
  await context.books.assertIndexed();
  const chains = await context.books.asOfChains(filter.chainId, args.at);
  const parts = conjuncts(where);
  assertForwardRanges(filter);
  const all = await set.ownersOf(context, chains, filter, where);
  await assertKnownOwners(context, where, set.ownerAddresses, () =>
    set.ownersOf(context, chains, {} as OwnerFilter),
  );
  const owners = all.filter((owner) => parts.every((part) => ownerPasses(owner, part, set)));
  await set.assertKnownIds?.(context, { filter, where, chains }, owners);
  const block = rangeOf(parts, 'block', filter.block);
  const timestamp = rangeOf(parts, 'timestamp', filter.timestamp);
  const windows = await readOperationWindows(context.db, {
    tokens: owners,
    asOf: chains,
    block,
    timestamp,
  });
  // Only a time before which nothing is kept can be before the start.
  const asked = windows.length === 0 ? timestamp : { gte: timestamp.gte };
  await context.books.assertRange(
    chains,
    { block, timestamp: asked, isWhole: false, at: args.at ?? null },
    startsOf(owners),
  );
  const columns = { ...set.columns, ...ownerColumns(set.ownerFields, owners) };
  const hashes = wantedTransactions(filter, parts);
  return {
    query: {
      windows:
        hashes === null
          ? windows
          : await transactionWindows(context.db, set.kind.table, windows, hashes),
      filter: { ...equalValues<object, never>(parts, set.indexed as never[]), ...given(filter) },
      where: (parameters) => whereConditions(where, columns, parameters),
      direction,
    },
    chains,
    owners: new Map(owners.map((owner) => [owner.number, owner])),
    asOf: [...chains.values()].toSorted((left, right) =>
      compareValues(left.chainId, right.chainId),
    ),
  };
}

/** The transactions that filter or conditions require; `null`: any. */
function wantedTransactions(
  filter: object,
  parts: readonly Where<OperationValues>[],
): readonly Hex[] | null {
  const { transactionHash } = filter as { readonly transactionHash?: Hex | null };
  return transactionHash == null ? requiredValues(parts, 'transactionHash') : [transactionHash];
}

/** By chain id: the first block from which any of the contracts is indexed. */
function startsOf(owners: readonly OperationOwner[]): ReadonlyMap<number, number> {
  const starts = new Map<number, number>();
  for (const { chainId, startBlock } of owners) {
    starts.set(chainId, Math.min(startBlock, starts.get(chainId) ?? startBlock));
  }
  return starts;
}

/** @throws ImoError `BAD_RANGE` */
function assertForwardRanges(filter: object): void {
  for (const [name, range] of Object.entries(filter)) {
    if (typeof range === 'object' && range !== null && 'gte' in range) assertForward(name, range);
  }
}

function ownerPasses<Owner extends OperationOwner>(
  owner: Owner,
  part: Where<object>,
  { ownerFields }: { readonly ownerFields: OwnerGetters<Owner> },
): boolean {
  const getters = { ...ownerFields, chainId: ({ chainId }: Owner) => chainId };
  const ofOwner = Object.keys(getters).map((field) => [field, part[field as keyof typeof part]]);
  return wherePasses(owner, Object.fromEntries(ofOwner), getters as WhereGetters<Owner, object>);
}

function ownerColumns<Owner extends OperationOwner>(
  fields: OwnerGetters<Owner>,
  owners: readonly Owner[],
): WhereColumns<object> {
  const columns = Object.entries(fields).map(([field, of]) => {
    const numbersOf = (value: unknown) =>
      owners.filter((owner) => of(owner) === value).map(({ number }) => number);
    return [field, ownerColumn('w.token_number', numbersOf)];
  });
  return Object.fromEntries(columns);
}
