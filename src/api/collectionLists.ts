import type { Address } from '../address.js';
import { checksummed } from '../address.js';
import { ImoError } from '../errors.js';
import { lastOperationId } from '../store/ids.js';
import {
  type AigcTokenFilter,
  countAigcTokens,
  readAigcTokenPage,
} from '../store/read/aigcTokens.js';
import type { AsOf } from '../store/read/asOf.js';
import { type CollectionRecord, readCollections } from '../store/read/collections.js';
import { compareValues, readKeysetPage, sortedList } from '../store/read/keysetPage.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { aigcTokenCursor, type CursorCodec, collectionCursor } from './cursor.js';
import type { OrderDirection } from './enums.js';
import type { AtInput, PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import { readShared } from './sharedRead.js';
import { type AigcTokenNode, aigcTokenNode } from './types/aigcToken.js';
import { type CollectionNode, collectionNode } from './types/collection.js';

export interface CollectionListArgs extends PageArgs {
  readonly chainId?: number | null;
  readonly at?: AtInput | null;
}

export interface AigcTokenListArgs extends PageArgs {
  readonly filter?:
    | (AigcTokenFilter & { readonly chainId?: number | null; readonly collection?: Address | null })
    | null;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/**
 * The indexed collections that were deployed by then, in the order of first indexing.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function collectionList(
  context: ApiContext,
  args: CollectionListArgs,
): Promise<Connection<CollectionNode>> {
  const codec: CursorCodec<number> = collectionCursor();
  const request = pageRequest(args, codec);
  context.budget.spendPage();
  const asOf = await context.books.asOfChains(args.chainId, args.at);
  const started = await collectionsOf(context, asOf, null);
  const keyOf = ({ number }: CollectionRecord) => number;
  const nodes = new Map(started.map(({ record, moment }) => [record, moment]));
  const records = started.map(({ record }) => record);
  return connection({
    page: await readKeysetPage(sortedList(records, keyOf, compareValues), request),
    codec,
    asOf: [...asOf.values()],
    keyOf,
    toNode: (record) => collectionNode(record, nodes.get(record) ?? unreachable()),
    count: async () => records.length,
  });
}

/**
 * A page of tokens: by collection, in each in the order of first minting.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_COLLECTION`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function aigcTokenList(
  context: ApiContext,
  { filter, direction, at, ...pageArgs }: AigcTokenListArgs,
): Promise<Connection<AigcTokenNode>> {
  const { db, books, budget } = context;
  const codec = aigcTokenCursor();
  const request = pageRequest(pageArgs, codec);
  budget.spendPage();
  const asOf = await books.asOfChains(filter?.chainId, at);
  const started = await collectionsOf(context, asOf, filter?.collection ?? null);
  const nodes = new Map(
    started.map(({ record, moment }) => [record.number, collectionNode(record, moment)]),
  );
  const windows = started.map(({ record, moment }) => ({
    collectionNumber: record.number,
    block: moment.block,
  }));
  return connection({
    page: await readAigcTokenPage(db, windows, filter ?? {}, direction, request),
    codec,
    asOf: [...asOf.values()],
    keyOf: ({ id }) => id,
    toNode(record) {
      const node = nodes.get(record.collectionNumber) ?? unreachable();
      const upTo = lastOperationId(record.collectionNumber, node.asOf.block);
      return aigcTokenNode(record, node, upTo);
    },
    count: () => countAigcTokens(db, windows, filter ?? {}),
  });
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

function unreachable(): never {
  throw new RangeError('a row belongs to a collection that was not asked for');
}
