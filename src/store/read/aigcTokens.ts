import { type Address, addressBytes, addressFromBytes, ZERO_ADDRESS } from '../../address.js';
import { lastOperationId, operationId } from '../ids.js';
import { type AigcDataRecord, type DataColumns, dataColumns, decodeData } from './aigcData.js';
import { type Hex, hexOf, optionalHex } from './decode.js';
import { compareValues, type Page, type PageRequest, readKeysetPage } from './keysetPage.js';
import type { Direction } from './operation.js';
import type { Queryable } from './queryable.js';
import { Parameters, readComposedRows } from './statement.js';
import {
  addressColumn,
  amountColumn,
  booleanColumn,
  integerColumn,
  timeColumn,
  type Where,
  type WhereColumns,
  whereConditions,
} from './where.js';

/** A token of a collection as of a block. */
export interface AigcTokenRecord {
  /** Row id: the place of its first mint. */
  readonly id: string;
  readonly collectionNumber: number;
  readonly tokenId: bigint;
  readonly firstMintedBlock: number;
  readonly firstMintedAt: Date;
  readonly firstMintedBy: Hex;
  /** `null`: burned. */
  readonly owner: Address | null;
  /** Row id of the newest mint's payment. */
  readonly paymentId: string | null;
  /** Of the newest content, else the token's id if a prompt with that hash was seen. */
  readonly promptHash: Hex | null;
  readonly isPromptKnown: boolean;
  /** `null`: nothing was written yet. */
  readonly data: AigcDataRecord | null;
}

/** The tokens of a collection that were minted up to a block. */
export interface TokenWindow {
  readonly collectionNumber: number;
  readonly block: number;
}

export interface AigcTokenFilter {
  readonly tokenId?: bigint | null;
  /** The zero address: burned tokens. */
  readonly owner?: Address | null;
  readonly isPromptKnown?: boolean | null;
  readonly modelId?: bigint | null;
}

/** What tokens of collections can be narrowed by. */
export interface AigcTokenValues {
  readonly tokenId: bigint;
  readonly firstMintedBlock: number;
  readonly firstMintedAt: Date;
  /** `null`: burned. */
  readonly owner: Address | null;
  readonly isPromptKnown: boolean;
  readonly modelId: bigint | null;
  readonly oracle: Address | null;
  readonly writer: Address | null;
}

/** The zero address in SQL: written out, so that the index of mints can be used. */
const NOBODY = `'\\x${ZERO_ADDRESS.slice(2)}'::bytea`;

export const AIGC_TOKEN_COLUMNS: WhereColumns<AigcTokenValues> = {
  tokenId: amountColumn('t.token_id'),
  firstMintedBlock: integerColumn('t.block_number'),
  firstMintedAt: timeColumn('t."timestamp"'),
  owner: addressColumn(`nullif(o."to", ${NOBODY})`),
  isPromptKnown: booleanColumn('(p.hash IS NOT NULL)'),
  modelId: amountColumn('d.model_id'),
  oracle: addressColumn('d.oracle'),
  writer: addressColumn('d.writer'),
};

/** Which tokens of which collections. */
export interface AigcTokenQuery<Values extends object> {
  /** In the order of their collection numbers. */
  readonly windows: readonly TokenWindow[];
  readonly filter: AigcTokenFilter;
  readonly where?: Where<Values> | null;
  readonly columns: WhereColumns<Values>;
}

interface Row extends Partial<DataColumns> {
  readonly token_row_id: string;
  readonly collection_number: number;
  readonly token_id: string;
  readonly minted_block: number;
  readonly minted_at: Date;
  readonly minted_by: Buffer;
  readonly owner: Buffer;
  readonly payment_id: string | null;
  readonly known_prompt_hash: Buffer | null;
}

/**
 * A page of tokens: by collection in the order of indexing, in each in the order of first
 * minting. The key of a token is its row id.
 */
export function readAigcTokenPage<Values extends object>(
  db: Queryable,
  query: AigcTokenQuery<Values>,
  direction: Direction,
  request: PageRequest<string>,
): Promise<Page<AigcTokenRecord>> {
  const isAscending = direction === 'ASC';
  return readKeysetPage(
    {
      keyOf: ({ id }) => id,
      compare: (left, right) => (isAscending ? 1 : -1) * compareValues(left, right),
      async fetch(start: string | null, isBackward, limit) {
        const isUp = isAscending !== isBackward;
        const rows: AigcTokenRecord[] = [];
        // Ids begin with the collection: one range of the key after the other.
        const { windows } = query;
        for (const window of isUp ? windows : windows.toReversed()) {
          if (rows.length >= limit) break;
          const range = rangeOf(window, start, isUp);
          if (range === null) continue;
          rows.push(...(await fetchRange(db, window, range, query, isUp, limit - rows.length)));
        }
        return rows;
      },
    },
    request,
  );
}

export async function countAigcTokens<Values extends object>(
  db: Queryable,
  query: AigcTokenQuery<Values>,
): Promise<number> {
  let count = 0;
  for (const window of query.windows) {
    const range = rangeOf(window, null, true);
    if (range === null) continue;
    const parameters = new Parameters();
    const text = `SELECT count(*) ${tokensOf(window, range, query, parameters)}`;
    const [row] = await readComposedRows<{ count: string }>(db, 'aigc_count', text, parameters);
    count += Number(row?.count ?? 0);
  }
  return count;
}

interface IdRange {
  readonly low: string;
  readonly high: string;
  /** Left out itself. */
  readonly beyond: { readonly id: string; readonly isUp: boolean } | null;
}

function rangeOf({ collectionNumber, block }: TokenWindow, start: string | null, isUp: boolean) {
  if (block < 0) return null;
  const low = operationId(collectionNumber, 0, 0);
  const high = lastOperationId(collectionNumber, block);
  if (start !== null && (isUp ? start >= high : start <= low)) return null;
  const beyond = start === null ? null : { id: start, isUp };
  return { low, high, beyond } satisfies IdRange;
}

async function fetchRange<Values extends object>(
  db: Queryable,
  window: TokenWindow,
  range: IdRange,
  query: AigcTokenQuery<Values>,
  isUp: boolean,
  limit: number,
): Promise<AigcTokenRecord[]> {
  const parameters = new Parameters();
  const text = `SELECT t.id AS token_row_id, t.collection_number, t.token_id,
      t.block_number AS minted_block, t."timestamp" AS minted_at,
      t.transaction_hash AS minted_by, o."to" AS owner, m.payment_id,
      p.hash AS known_prompt_hash, ${dataColumns('d')}
    ${tokensOf(window, range, query, parameters)}
    ORDER BY t.id ${isUp ? 'ASC' : 'DESC'} LIMIT ${parameters.add(limit)}`;
  const rows = await readComposedRows<Row>(db, 'aigc_tokens', text, parameters);
  return rows.map(decode);
}

/** FROM and WHERE: tokens `t`, with owner `o`, newest mint `m`, content `d`, prompt `p`. */
function tokensOf<Values extends object>(
  { collectionNumber }: TokenWindow,
  { low, high, beyond }: IdRange,
  { filter, where: conditions, columns }: AigcTokenQuery<Values>,
  parameters: Parameters,
): string {
  const { tokenId, owner, isPromptKnown, modelId } = filter;
  const collection = parameters.add(collectionNumber);
  const last = parameters.add(high);
  const where = [`t.id >= ${parameters.add(low)}`, `t.id <= ${last}`];
  if (beyond !== null) where.push(`t.id ${beyond.isUp ? '>' : '<'} ${parameters.add(beyond.id)}`);
  if (tokenId != null) where.push(`t.token_id = ${parameters.add(String(tokenId))}`);
  if (owner != null) {
    const account = parameters.add(addressBytes(owner));
    where.push(`o."to" = ${account}`);
    // The index by owner finds everything that the owner ever got.
    where.push(`t.token_id IN (SELECT token_id FROM aigc_transfer
      WHERE "to" = ${account} AND collection_number = ${collection} AND id <= ${last})`);
  }
  if (isPromptKnown != null) where.push(`p.hash IS ${isPromptKnown ? 'NOT' : ''} NULL`);
  if (modelId != null) where.push(`d.model_id = ${parameters.add(String(modelId))}`);
  where.push(...whereConditions(conditions, columns, parameters));
  const newest = (table: string, condition: string) => `(SELECT * FROM ${table}
      WHERE collection_number = t.collection_number AND token_id = t.token_id
        AND id <= ${last} ${condition} ORDER BY id DESC LIMIT 1)`;
  return `FROM aigc_token t
    CROSS JOIN LATERAL ${newest('aigc_transfer', '')} o
    LEFT JOIN LATERAL ${newest('aigc_transfer', `AND "from" = ${NOBODY}`)} m ON true
    LEFT JOIN LATERAL ${newest('aigc_data', '')} d ON true
    LEFT JOIN aigc_content p ON p.collection_number = t.collection_number
      AND p.hash = coalesce(d.prompt_hash, t.id_hash) AND p.id <= ${last}
    WHERE t.collection_number = ${collection} AND ${where.join(' AND ')}`;
}

function decode(row: Row): AigcTokenRecord {
  const owner = addressFromBytes(row.owner);
  const data = row.id == null ? null : decodeData(row as DataColumns);
  return {
    id: row.token_row_id,
    collectionNumber: row.collection_number,
    tokenId: BigInt(row.token_id),
    firstMintedBlock: row.minted_block,
    firstMintedAt: row.minted_at,
    firstMintedBy: hexOf(row.minted_by),
    owner: owner === ZERO_ADDRESS ? null : owner,
    paymentId: row.payment_id,
    promptHash: data?.promptHash ?? optionalHex(row.known_prompt_hash),
    isPromptKnown: row.known_prompt_hash !== null,
    data,
  };
}
