import type { Address } from '../../address.js';
import { lastOperationId } from '../../store/ids.js';
import {
  type AigcTokenKey,
  aigcTokenKey,
  countAigcTokens,
  readAigcTokenPage,
} from '../../store/read/collections/aigcTokenPage.js';
import {
  AIGC_TOKEN_COLUMNS,
  type AigcTokenFilter,
  type AigcTokenValues,
} from '../../store/read/collections/aigcTokens.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import {
  integerColumn,
  ownerColumn,
  type Where,
  type WhereColumns,
} from '../../store/read/query/where.js';
import { type AigcTokenNode, aigcTokenNode } from '../objects/collections/aigcToken.js';
import { collectionNode } from '../objects/collections/collection.js';
import type { ApiContext } from '../request/context.js';
import type { OrderDirection } from '../values/enums.js';
import type { AigcTokenOrderBy } from '../values/orderEnums.js';
import { collectionsOf } from './collections.js';
import { type Connection, connection } from './engine/connection.js';
import { amountCursor, type CursorCodec, rowIdCursor } from './engine/cursor.js';
import type { AtInput, PageArgs } from './engine/inputs.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import { conjuncts, equalValues, given } from './engine/whereScope.js';

export interface AigcTokenListArgs extends PageArgs {
  readonly filter?:
    | (AigcTokenFilter & { readonly chainId?: number | null; readonly collection?: Address | null })
    | null;
  readonly where?: Where<AigcTokenFields> | null;
  readonly orderBy: AigcTokenOrderBy;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** The fields that tokens of collections can be filtered by. */
export interface AigcTokenFields extends AigcTokenValues {
  readonly chainId: number;
  readonly collection: Address;
}

/**
 * A page of tokens: by collection; within a collection in the order of first minting, or of their
 * ids.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_COLLECTION`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 * `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`
 */
export async function aigcTokenList(
  context: ApiContext,
  { filter, where, orderBy, direction, at, ...pageArgs }: AigcTokenListArgs,
): Promise<Connection<AigcTokenNode>> {
  const { db, books, budget } = context;
  const codec = tokenCursor(orderBy);
  const request = pageRequest(pageArgs, codec);
  assertBounded(where);
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
  const named = equalValues(conjuncts<AigcTokenFields>(where), ['tokenId', 'owner', 'modelId']);
  const query = {
    windows,
    filter: { ...named, ...given(filter ?? {}) },
    where,
    columns: aigcTokenColumns(started),
    orderBy,
  };
  return connection({
    page: await readAigcTokenPage(db, query, direction, request),
    codec,
    asOf: [...asOf.values()],
    keyOf: (record) => aigcTokenKey(record, orderBy),
    toNode(record) {
      const node = nodes.get(record.collectionNumber) ?? unreachable();
      const upTo = lastOperationId(record.collectionNumber, node.asOf.block);
      return aigcTokenNode(record, node, upTo);
    },
    count: () => countAigcTokens(db, query),
  });
}

/** By row ids, which start with the number of the collection. */
function tokenCursor(orderBy: AigcTokenOrderBy): CursorCodec<AigcTokenKey> {
  const ids = rowIdCursor('aigcTokens');
  if (orderBy === 'TOKEN_ID') {
    const { list, encode, decode } = amountCursor('aigcTokens:TOKEN_ID');
    return {
      list,
      encode: ({ tokenId, id }) => encode({ amount: tokenId, id }),
      decode(parts) {
        const key = decode(parts);
        return key === null ? null : { tokenId: key.amount, id: key.id };
      },
    };
  }
  return {
    list: ids.list,
    encode: ({ id }) => ids.encode(id),
    decode(parts) {
      const id = ids.decode(parts);
      return id === null ? null : { tokenId: 0n, id };
    },
  };
}

function aigcTokenColumns(
  started: readonly { readonly record: CollectionRecord }[],
): WhereColumns<AigcTokenFields> {
  const numbersOf = (isWanted: (record: CollectionRecord) => boolean) =>
    started.filter(({ record }) => isWanted(record)).map(({ record }) => record.number);
  return {
    ...AIGC_TOKEN_COLUMNS,
    chainId: integerColumn('(SELECT chain_id FROM contract WHERE number = t.collection_number)'),
    collection: ownerColumn('t.collection_number', (wanted) =>
      numbersOf(({ address }) => address === wanted),
    ),
  };
}

function unreachable(): never {
  throw new RangeError('a row belongs to a collection that was not asked for');
}
