import { ArgsType, Field } from 'type-graphql';
import { type Address, checksummed } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { ImoError } from '../../errors.js';
import { type CollectionState, EMPTY_COLLECTION, supplyOf } from '../../ledger/collection.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  type CollectionRecord,
  readCollections,
} from '../../store/read/collections/collections.js';
import { type CollectionNode, collectionNode } from '../objects/collections/collection.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import { type Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, BLOCK, TEXT, YES_NO } from './engine/fieldKinds.js';
import { PageArgs } from './engine/inputs.js';
import { assertBounded } from './engine/whereBounds.js';

interface Row {
  readonly record: CollectionRecord;
  readonly moment: AsOf;
  readonly state: CollectionState;
}

const FIGURE = { kind: AMOUNT, isFigure: true };

const indexedAt = ({ record }: Row) => [BigInt(record.number)];

@ArgsType()
class OfChainArgs extends PageArgs {
  @Field(() => BLOCK.type, { nullable: true, description: 'Only this chain (EIP-155 id).' })
  readonly chainId?: number | null;
}

export const COLLECTION_LIST = defineMemoryList({
  name: 'Collection',
  rows: 'collections',
  Base: OfChainArgs,
  toNode: ({ record, moment }: Row) => collectionNode(record, moment),
  keyOf: indexedAt,
  fields: {
    chainId: { kind: BLOCK, text: 'EIP-155 chain id.', of: ({ record }: Row) => record.chainId },
    address: {
      kind: ADDRESS,
      text: 'The contract of the collection.',
      of: ({ record }: Row) => record.address,
    },
    label: {
      kind: TEXT,
      text: 'Its name in imo.yaml, if it has one.',
      of: ({ record }: Row) => record.label,
    },
    name: {
      kind: TEXT,
      text: 'name(), if the contract has it.',
      of: ({ record }: Row) => record.name,
    },
    symbol: {
      kind: TEXT,
      text: 'As the field `symbol` shows it.',
      of: ({ record }: Row) => shownSymbol(record),
    },
    startBlock: {
      kind: BLOCK,
      text: 'First indexed block.',
      of: ({ record }: Row) => record.startBlock,
    },
    isErc7007: {
      kind: YES_NO,
      text: 'Whether it says that it is an ERC-7007 collection.',
      of: ({ record }: Row) => record.isErc7007,
    },
    isEnumerable: {
      kind: YES_NO,
      text: "Whether it says that it has ERC-7007's enumeration.",
      of: ({ record }: Row) => record.isEnumerable,
    },
    isUpdatable: {
      kind: YES_NO,
      text: 'Whether it says that its content can be updated.',
      of: ({ record }: Row) => record.isUpdatable,
    },
    supply: { ...FIGURE, text: 'Tokens that exist.', of: ({ state }: Row) => supplyOf(state) },
    minted: {
      ...FIGURE,
      text: 'Tokens minted since the deployment.',
      of: ({ state }: Row) => state.minted,
    },
    burned: {
      ...FIGURE,
      text: 'Tokens burned since the deployment.',
      of: ({ state }: Row) => state.burned,
    },
    paidWei: {
      ...FIGURE,
      text: 'Came in with the calls that minted, in wei.',
      of: ({ state }: Row) => state.paidWei,
    },
    revenueWei: {
      ...FIGURE,
      text: 'Reached revenue tokens inside those calls, in wei.',
      of: ({ state }: Row) => state.revenueWei,
    },
    besideRevenueWei: {
      ...FIGURE,
      text: 'Reached revenue tokens outside those calls, in wei.',
      of: ({ state }: Row) => state.besideRevenueWei,
    },
  },
  orders: {
    INDEXED: { text: 'The order in which we began to index them.', of: indexedAt },
    MINTED: { text: 'Tokens minted since the deployment.', of: ({ state }: Row) => [state.minted] },
    PAID: {
      text: 'Came in with the calls that minted, in wei.',
      of: ({ state }: Row) => [state.paidWei],
    },
    REVENUE: {
      text: 'Reached revenue tokens inside those calls, in wei.',
      of: ({ state }: Row) => [state.revenueWei],
    },
  },
});

export type CollectionListArgs = InstanceType<typeof COLLECTION_LIST.Args> & OfChainArgs;

/**
 * The indexed collections that were deployed by then. There are few, so they are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 * GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`
 */
export async function collectionList(
  context: ApiContext,
  args: CollectionListArgs,
): Promise<Connection<CollectionNode>> {
  assertBounded(args.where);
  context.budget.spendPage();
  const asOf = await context.books.asOfChains(args.chainId, args.at);
  const started = await collectionsOf(context, asOf, null);
  const rows = started.map((row): Row => ({ ...row, state: EMPTY_COLLECTION }));
  return COLLECTION_LIST.page(rows, [...asOf.values()], args, async (row) => {
    const key = { collectionNumber: row.record.number, block: row.moment.block };
    return { ...row, state: await context.loaders.collectionState.load(key) };
  });
}

/** All collections, read once for each request. */
export function allCollections(context: ApiContext): Promise<readonly CollectionRecord[]> {
  return readShared(context, ['collections'], () => readCollections(context.db));
}

/** The collections that were deployed at their moment: all, or those with an address. */
export async function collectionsOf(
  context: ApiContext,
  asOf: ReadonlyMap<number, AsOf>,
  address: Address | null,
): Promise<{ record: CollectionRecord; moment: AsOf }[]> {
  const all = await allCollections(context);
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
    return moment === undefined || moment.block < record.startBlock
      ? []
      : [{ record, moment: momentInBooks(record, moment) }];
  });
}
