import type { Address } from '../../address.js';
import { AIGC_DATA } from '../../model/tables/aigcData.js';
import { AIGC_TOKEN } from '../../model/tables/aigcToken.js';
import { lastOperationId } from '../../store/ids.js';
import {
  type AigcTokenKey,
  aigcTokenKey,
  countAigcTokens,
  readAigcTokenPage,
} from '../../store/read/collections/aigcTokenPage.js';
import {
  type AigcTokenFilter,
  type AigcTokenRecord,
  NOBODY_SQL,
} from '../../store/read/collections/aigcTokens.js';
import type { CollectionRecord } from '../../store/read/collections/collections.js';
import { ownerColumn } from '../../store/read/query/where.js';
import {
  type CollectionNode,
  CollectionType,
  collectionNode,
} from '../objects/collections/collection.js';
import type { ApiContext } from '../request/context.js';
import { AIGC_DATA_LIST, type AigcDataNode, aigcDataNode } from './aigcData.js';
import { allCollections, collectionsOf } from './collections.js';
import { type Connection, connection } from './engine/connection.js';
import { amountCursor, type CursorCodec, rowIdCursor } from './engine/cursor.js';
import { defineStoredList, type StoredListArgs } from './engine/defineStoredList.js';
import { field, optional, shown, type ValuesOf } from './engine/field.js';
import {
  ADDRESS,
  AIGC_PROMPT_VERDICT,
  AMOUNT,
  BLOCK,
  HASH,
  TIME,
  YES_NO,
} from './engine/fieldKinds.js';
import { assertKnownOwners } from './engine/knownOwners.js';
import { ownerLabel } from './engine/labels.js';
import { SMALLEST_FIRST } from './engine/listArgs.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { pageRequest } from './engine/pagination.js';
import { placed } from './engine/storedColumn.js';
import { assertBounded } from './engine/whereBounds.js';
import { conjuncts, equalValues, given } from './engine/whereScope.js';
import { assertKnownModels, assertKnownTokenIds } from './knownIds.js';

const token = placed(AIGC_TOKEN, 't');
const content = placed(AIGC_DATA, 'd');

const CHAIN_OF_TOKEN = '(SELECT chain_id FROM contract WHERE number = t.collection_number)';

const FIELDS = {
  chainId: field(BLOCK, 'EIP-155 chain id.', CHAIN_OF_TOKEN),
  tokenId: field(AMOUNT, 'Its id; by ERC-7007 the keccak-256 of its prompt.', token.tokenId),
  firstMintedBlock: field(BLOCK, 'Block of its first mint.', token.blockNumber),
  firstMintedAt: field(TIME, 'Time of its first mint.', token.timestamp),
  owner: optional(ADDRESS, 'Its owner; null: it is burned.', `(nullif(o."to", ${NOBODY_SQL}))`),
  isPromptKnown: field(
    YES_NO,
    'Whether its prompt was found on the chain.',
    '(p.hash IS NOT NULL)',
  ),
  modelId: optional(AMOUNT, 'The model that made its content.', content.modelId),
  oracle: optional(ADDRESS, 'The contract whose request its content answers.', content.oracle),
  writer: optional(ADDRESS, 'Who called the collection to write its content.', content.writer),
};

const SHOWN = {
  collection: shown(CollectionType, 'Its collection, as of the same block.'),
  tokenId: FIELDS.tokenId,
  owner: FIELDS.owner,
  firstMintedBlock: FIELDS.firstMintedBlock,
  firstMintedAt: FIELDS.firstMintedAt,
  firstMintedBy: field(HASH, 'Transaction of its first mint.'),
  promptVerdict: optional(
    AIGC_PROMPT_VERDICT,
    'Why its prompt belongs to it; null: no prompt is known to.',
  ),
  data: shown(
    AIGC_DATA_LIST.Row,
    'Its content: of what was written with its own prompt, the best confirmed and then the newest. Null: nothing was. dataHistory has everything that anybody wrote.',
    true,
  ),
};

/** The tokens of collections. */
export const AIGC_TOKEN_LIST = defineStoredList({
  name: 'AigcToken',
  rows: 'tokens of collections',
  type: { text: 'A token of a collection.', shows: SHOWN },
  owner: {
    collection: { kind: ADDRESS, text: 'The collection.' },
    collectionLabel: ownerLabel<CollectionRecord>('collection'),
  },
  fields: FIELDS,
  labelled: {
    fields: ['owner'],
    within: ['writer', 'oracle'],
    chain: CHAIN_OF_TOKEN,
    chainOf: ({ collection }: AigcTokenNode) => collection.record.chainId,
  },
  orders: {
    MINTED: { text: 'Their first mints.', by: null },
    TOKEN_ID: { text: 'Their ids.', by: 'tokenId' },
  },
  ordersText: 'What the tokens of each collection are ordered by; collections as we index them.',
  filter: {
    ...CHAIN_FILTER,
    collection: 'Only this collection.',
    tokenId: 'Only this token id.',
    owner: 'Only what this account owns; the zero address: burned tokens.',
    isPromptKnown: 'Only tokens whose prompt was (true) or was not (false) found on the chain.',
    modelId: 'Only tokens whose content this model made.',
  },
  args: ['filter', 'where', 'orderBy', 'direction', 'at'],
  ends: {
    first: SMALLEST_FIRST.first,
    text: 'By collection, in each oldest or smallest (ASC), or newest or largest (DESC) first.',
  },
});

type Order = 'MINTED' | 'TOKEN_ID';

type Values = ValuesOf<typeof FIELDS>;

export interface AigcTokenListArgs extends StoredListArgs<Order> {
  readonly filter?:
    | (AigcTokenFilter & { readonly chainId?: number | null; readonly collection?: Address | null })
    | null;
}

/** A token with what its fields are read by. */
export interface AigcTokenNode extends ValuesOf<typeof SHOWN> {
  readonly collection: CollectionNode;
  readonly data: AigcDataNode | null;
  readonly record: AigcTokenRecord;
  readonly upTo: string;
}

function aigcTokenNode(
  record: AigcTokenRecord,
  collection: CollectionNode,
  upTo: string,
): AigcTokenNode {
  const { tokenId, owner, firstMintedBlock, firstMintedAt, firstMintedBy, data } = record;
  return {
    record,
    upTo,
    collection,
    tokenId,
    owner,
    firstMintedBlock,
    firstMintedAt,
    firstMintedBy,
    promptVerdict: record.promptVerdict,
    data: data === null ? null : aigcDataNode(data, collection, upTo, data.id),
  };
}

/**
 * A page of tokens: by collection; within a collection in the order of first minting, or of their
 * ids.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `UNKNOWN_COLLECTION`, `UNKNOWN_TOKEN_ID`, `UNKNOWN_MODEL`, `BAD_AT`,
 * `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`
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
  const ofCollection = { collection: ({ address }: CollectionRecord) => address };
  await assertKnownOwners(context, where, ofCollection, () => allCollections(context));
  const nodes = new Map(
    started.map(({ record, moment }) => [record.number, collectionNode(record, moment)]),
  );
  const windows = started.map(({ record, moment }) => ({
    collectionNumber: record.number,
    block: moment.block,
  }));
  const question = { filter: filter ?? {}, where, chains: asOf };
  await assertKnownTokenIds(context, question, windows);
  await assertKnownModels(context, question);
  const named = equalValues(conjuncts<Values>(where), ['tokenId', 'owner', 'modelId']);
  const query = {
    windows,
    filter: { ...named, ...given(filter ?? {}) },
    where: AIGC_TOKEN_LIST.conditions(where, collectionColumns(started)),
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
function tokenCursor(orderBy: Order): CursorCodec<AigcTokenKey> {
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

function collectionColumns(started: readonly { readonly record: CollectionRecord }[]) {
  const columnOf = (of: (record: CollectionRecord) => string | null) =>
    ownerColumn<string>('t.collection_number', (wanted) =>
      started.filter(({ record }) => of(record) === wanted).map(({ record }) => record.number),
    );
  return {
    collection: columnOf(({ address }) => address),
    collectionLabel: columnOf(({ label }) => label),
  };
}

function unreachable(): never {
  throw new RangeError('a row belongs to a collection that was not asked for');
}
