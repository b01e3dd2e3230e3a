import { addressBytes } from '../../../address.js';
import { lastOperationId, numberOfId } from '../../ids.js';
import type { Direction } from '../operations/operation.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import { Parameters, readComposedRows } from '../query/statement.js';
import { dataColumns } from './aigcData.js';
import {
  type AigcTokenFilter,
  type AigcTokenRecord,
  type AigcTokenRow,
  decodeAigcToken,
  NOBODY_SQL,
} from './aigcTokens.js';
import { ownContent, ownPrompt } from './ownPrompt.js';

/** The tokens of a collection that were minted up to a block. */
export interface TokenWindow {
  readonly collectionNumber: number;
  readonly block: number;
}

/** Which tokens of which collections. */
export interface AigcTokenQuery {
  /** In the order of their collection numbers. */
  readonly windows: readonly TokenWindow[];
  readonly filter: AigcTokenFilter;
  /** More conditions on the token `t`, its owner `o`, prompt `p` and content `d`. */
  readonly where?: (parameters: Parameters) => readonly string[];
  readonly orderBy: 'MINTED' | 'TOKEN_ID';
}

/** The position of a token in a list: its row id, and its own id if the list is ordered by it. */
export interface AigcTokenKey {
  readonly id: string;
  readonly tokenId: bigint;
}

export function aigcTokenKey(
  { id, tokenId }: AigcTokenRecord,
  orderBy: AigcTokenQuery['orderBy'],
): AigcTokenKey {
  return { id, tokenId: orderBy === 'TOKEN_ID' ? tokenId : 0n };
}

/**
 * Reads a page of tokens: by collection in the order of indexing; within a collection in the order
 * of first minting, or of their ids.
 */
export function readAigcTokenPage(
  db: Queryable,
  query: AigcTokenQuery,
  direction: Direction,
  request: PageRequest<AigcTokenKey>,
): Promise<Page<AigcTokenRecord>> {
  const isAscending = direction === 'ASC';
  return readKeysetPage(
    {
      keyOf: (row) => aigcTokenKey(row, query.orderBy),
      compare: (left, right) =>
        (isAscending ? 1 : -1) *
        (compareValues(collectionOf(left), collectionOf(right)) ||
          compareValues(left.tokenId, right.tokenId) ||
          compareValues(left.id, right.id)),
      async fetch(start: AigcTokenKey | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const rows: AigcTokenRecord[] = [];
        // One collection after the other, because each is a range of an index.
        for (const window of windowsBeyond(query, start, isUp)) {
          if (rows.length >= limit) break;
          const isInside = start !== null && collectionOf(start) === window.collectionNumber;
          const range = { window, beyond: isInside ? { key: start, isUp } : null };
          rows.push(...(await fetchRange(db, range, query, isUp, limit - rows.length)));
        }
        return rows;
      },
    },
    request,
  );
}

/** Row ids start with the number of the collection. */
function collectionOf({ id }: AigcTokenKey): number {
  return numberOfId(id);
}

function windowsBeyond(
  { windows }: { readonly windows: readonly TokenWindow[] },
  start: AigcTokenKey | null,
  isUp: boolean,
): readonly TokenWindow[] {
  const walked = isUp ? windows : windows.toReversed();
  if (start === null) return walked;
  const from = collectionOf(start);
  return walked.filter(({ collectionNumber: number }) => (isUp ? number >= from : number <= from));
}

export async function countAigcTokens(db: Queryable, query: AigcTokenQuery): Promise<number> {
  let count = 0;
  for (const window of query.windows) {
    const parameters = new Parameters();
    const text = `SELECT count(*) ${tokensOf({ window, beyond: null }, query, parameters)}`;
    const [row] = await readComposedRows<{ count: string }>(db, 'aigc_count', text, parameters);
    count += Number(row?.count ?? 0);
  }
  return count;
}

/** The tokens of a collection, or those after one of them (`isUp`) or before it. */
interface TokenRange {
  readonly window: TokenWindow;
  readonly beyond: { readonly key: AigcTokenKey; readonly isUp: boolean } | null;
}

async function fetchRange(
  db: Queryable,
  range: TokenRange,
  query: AigcTokenQuery,
  isUp: boolean,
  limit: number,
): Promise<AigcTokenRecord[]> {
  const parameters = new Parameters();
  const text = `SELECT t.id AS token_row_id, t.collection_number, t.token_id,
      t.block_number AS minted_block, t."timestamp" AS minted_at,
      t.transaction_hash AS minted_by, o."to" AS owner, m.payment_id,
      p.hash AS known_prompt_hash, b.prompt_hash AS own_prompt_hash,
      b.prompt_verdict AS own_prompt_verdict, ${dataColumns('d')}
    ${tokensOf(range, query, parameters)}
    ORDER BY ${ORDERS[query.orderBy]} ${isUp ? 'ASC' : 'DESC'} LIMIT ${parameters.add(limit)}`;
  const rows = await readComposedRows<AigcTokenRow>(db, 'aigc_tokens', text, parameters);
  return rows.map(decodeAigcToken);
}

/** Of the tokens of one collection; each has an index. */
const ORDERS = { MINTED: 't.id', TOKEN_ID: 't.token_id' } as const;

/**
 * FROM and WHERE: tokens `t`, with owner `o`, newest mint `m`, the prompt that belongs to it `b`,
 * its bytes `p`, and its content `d`.
 */
function tokensOf(
  { window: { collectionNumber, block }, beyond }: TokenRange,
  { filter, where: conditions, orderBy }: AigcTokenQuery,
  parameters: Parameters,
): string {
  const { tokenId, owner, isPromptKnown, modelId } = filter;
  const collection = parameters.add(collectionNumber);
  const last = parameters.add(lastOperationId(collectionNumber, block));
  // A range of row ids would make the planner avoid the index of the other order.
  const where =
    orderBy === 'MINTED' ? [`t.id <= ${last}`] : [`t.block_number <= ${parameters.add(block)}`];
  if (beyond !== null) {
    const { key, isUp } = beyond;
    const value =
      orderBy === 'MINTED'
        ? `${parameters.add(key.id)}::text`
        : `${parameters.add(key.tokenId)}::numeric`;
    where.push(`${ORDERS[orderBy]} ${isUp ? '>' : '<'} ${value}`);
  }
  if (tokenId != null) where.push(`t.token_id = ${parameters.add(String(tokenId))}`);
  if (owner != null) {
    const account = parameters.add(addressBytes(owner));
    where.push(`o."to" = ${account}`);
    // The index by owner finds every token that the owner ever received.
    where.push(`t.token_id IN (SELECT token_id FROM aigc_transfer
      WHERE "to" = ${account} AND collection_number = ${collection} AND id <= ${last})`);
  }
  if (isPromptKnown != null) where.push(`p.hash IS ${isPromptKnown ? 'NOT' : ''} NULL`);
  if (modelId != null) where.push(`d.model_id = ${parameters.add(String(modelId))}`);
  where.push(...(conditions?.(parameters) ?? []));
  const newest = (table: string, condition: string) => `(SELECT * FROM ${table}
      WHERE collection_number = t.collection_number AND token_id = t.token_id
        AND id <= ${last} ${condition} ORDER BY id DESC LIMIT 1)`;
  return `FROM aigc_token t
    CROSS JOIN LATERAL ${newest('aigc_transfer', '')} o
    LEFT JOIN LATERAL ${newest('aigc_transfer', `AND "from" = ${NOBODY_SQL}`)} m ON true
    LEFT JOIN LATERAL (${ownPrompt(last)}) b ON true
    LEFT JOIN LATERAL (${ownContent(last)}) d ON true
    LEFT JOIN aigc_content p ON p.collection_number = t.collection_number
      AND p.hash = b.prompt_hash AND p.id <= ${last}
    WHERE t.collection_number = ${collection} AND ${where.join(' AND ')}`;
}
