import type { Address } from '../address.js';
import { lastOperationId } from '../store/ids.js';
import {
  AIGC_TOKEN_COLUMNS,
  type AigcTokenFilter,
  type AigcTokenValues,
  countAigcTokens,
  readAigcTokenPage,
} from '../store/read/aigcTokens.js';
import type { CollectionRecord } from '../store/read/collections.js';
import { integerColumn, ownerColumn, type Where, type WhereColumns } from '../store/read/where.js';
import { collectionsOf } from './collectionLists.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { rowIdCursor } from './cursor.js';
import type { OrderDirection } from './enums.js';
import type { AtInput, PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import { type AigcTokenNode, aigcTokenNode } from './types/aigcToken.js';
import { collectionNode } from './types/collection.js';
import { assertBounded } from './whereBounds.js';
import { conjuncts, equalValues, given } from './whereScope.js';

export interface AigcTokenListArgs extends PageArgs {
  readonly filter?:
    | (AigcTokenFilter & { readonly chainId?: number | null; readonly collection?: Address | null })
    | null;
  readonly where?: Where<AigcTokenFields> | null;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** What tokens of collections can be narrowed by. */
export interface AigcTokenFields extends AigcTokenValues {
  readonly chainId: number;
  readonly collection: Address;
}

/**
 * A page of tokens: by collection, in each in the order of first minting.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_COLLECTION`, `BAD_AT`, `BLOCK_NOT_INDEXED` or
 *   `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function aigcTokenList(
  context: ApiContext,
  { filter, where, direction, at, ...pageArgs }: AigcTokenListArgs,
): Promise<Connection<AigcTokenNode>> {
  const { db, books, budget } = context;
  const codec = rowIdCursor('aigcTokens');
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
  };
  return connection({
    page: await readAigcTokenPage(db, query, direction, request),
    codec,
    asOf: [...asOf.values()],
    keyOf: ({ id }) => id,
    toNode(record) {
      const node = nodes.get(record.collectionNumber) ?? unreachable();
      const upTo = lastOperationId(record.collectionNumber, node.asOf.block);
      return aigcTokenNode(record, node, upTo);
    },
    count: () => countAigcTokens(db, query),
  });
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
