import { type Address, checksummed } from '../../address.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { ImoError } from '../../errors.js';
import { type CollectionState, EMPTY_COLLECTION, supplyOf } from '../../ledger/collection.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  type CollectionRecord,
  readCollections,
} from '../../store/read/collections/collections.js';
import { type Where } from '../../store/read/query/where.js';
import type { WhereGetters } from '../../store/read/query/wherePasses.js';
import { type CollectionNode, collectionNode } from '../objects/collections/collection.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import { type OrderDirection } from '../values/enums.js';
import { CollectionOrderBy } from '../values/orderEnums.js';
import { type Connection } from './engine/connection.js';
import type { AtInput, PageArgs } from './engine/inputs.js';
import { memoryList, mentions } from './engine/memoryList.js';
import { assertBounded } from './engine/whereBounds.js';

export interface CollectionListArgs extends PageArgs {
  readonly chainId?: number | null;
  readonly where?: Where<CollectionFields> | null;
  readonly orderBy: CollectionOrderBy;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** What collections can be narrowed by. */
export interface CollectionFields {
  readonly chainId: number;
  readonly address: Address;
  readonly label: string | null;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly startBlock: number;
  readonly isErc7007: boolean;
  readonly isEnumerable: boolean;
  readonly isUpdatable: boolean;
  readonly supply: bigint;
  readonly minted: bigint;
  readonly burned: bigint;
  readonly paidWei: bigint;
  readonly revenueWei: bigint;
  readonly besideRevenueWei: bigint;
}

interface Row {
  readonly record: CollectionRecord;
  readonly moment: AsOf;
  readonly state: CollectionState;
}

const FIGURES = {
  supply: ({ state }: Row) => supplyOf(state),
  minted: ({ state }: Row) => state.minted,
  burned: ({ state }: Row) => state.burned,
  paidWei: ({ state }: Row) => state.paidWei,
  revenueWei: ({ state }: Row) => state.revenueWei,
  besideRevenueWei: ({ state }: Row) => state.besideRevenueWei,
};

const GETTERS: WhereGetters<Row, CollectionFields> = {
  ...FIGURES,
  chainId: ({ record }) => record.chainId,
  address: ({ record }) => record.address,
  label: ({ record }) => record.label,
  name: ({ record }) => record.name,
  symbol: ({ record }) => shownSymbol(record),
  startBlock: ({ record }) => record.startBlock,
  isErc7007: ({ record }) => record.isErc7007,
  isEnumerable: ({ record }) => record.isEnumerable,
  isUpdatable: ({ record }) => record.isUpdatable,
};

const FIGURE_NAMES = new Set(Object.keys(FIGURES));

/**
 * The indexed collections that were deployed by then. There are few, so they are ordered in
 * memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function collectionList(
  context: ApiContext,
  args: CollectionListArgs,
): Promise<Connection<CollectionNode>> {
  const { where, orderBy } = args;
  assertBounded(where);
  context.budget.spendPage();
  const asOf = await context.books.asOfChains(args.chainId, args.at);
  const started = await collectionsOf(context, asOf, null);
  const needsFigures = orderBy !== CollectionOrderBy.INDEXED || mentions(where, FIGURE_NAMES);
  const rows = await Promise.all(
    started.map(async ({ record, moment }): Promise<Row> => {
      const key = { collectionNumber: record.number, block: moment.block };
      const { collectionState } = context.loaders;
      const state = needsFigures ? await collectionState.load(key) : EMPTY_COLLECTION;
      return { record, moment, state };
    }),
  );
  return memoryList(
    {
      list: `collections:${orderBy}`,
      rows,
      getters: GETTERS,
      keyOf: (row) => [figureOf(row, orderBy), BigInt(row.record.number)],
      asOf: [...asOf.values()],
      toNode: ({ record, moment }) => collectionNode(record, moment),
    },
    args,
  );
}

function figureOf(row: Row, orderBy: CollectionOrderBy): bigint {
  switch (orderBy) {
    case CollectionOrderBy.MINTED:
      return row.state.minted;
    case CollectionOrderBy.PAID:
      return row.state.paidWei;
    case CollectionOrderBy.REVENUE:
      return row.state.revenueWei;
    case CollectionOrderBy.INDEXED:
      return BigInt(row.record.number);
  }
}

/** The collections that were deployed at their moment: all, or those with an address. */
export async function collectionsOf(
  context: ApiContext,
  asOf: ReadonlyMap<number, AsOf>,
  address: Address | null,
): Promise<{ record: CollectionRecord; moment: AsOf }[]> {
  const all = await readShared(context, ['collections'], () => readCollections(context.db));
  const wanted = all.filter(
    (record) => asOf.has(record.chainId) && (address === null || record.address === address),
  );
  if (address !== null && wanted.length === 0) {
    throw new ImoError(
      'UNKNOWN_COLLECTION',
      `${checksummed(address)} is not an indexed collection`,
      'The query `collections` lists those that are; add it to imo.yaml to index it.',
    );
  }
  return wanted.flatMap((record) => {
    const moment = asOf.get(record.chainId);
    return moment === undefined || moment.block < record.startBlock ? [] : [{ record, moment }];
  });
}
