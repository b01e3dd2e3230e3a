import type { Address } from '../../address.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { PriceRoutes } from '../../store/read/prices/priceRoutes.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import {
  addressLiteral,
  integerLiteral,
  literalTable,
  textLiteral,
  timeLiteral,
} from './sqlText.js';

/** The books of a token in one asset, as of a block. */
export interface ScopedBook {
  /** Its rows begin with it. */
  readonly number: number;
  readonly token: TokenRecord;
  /** `null`: the chain's own coin. */
  readonly asset: Address | null;
  readonly block: number;
}

/** A first or last block or time; both belong to the range. */
export type Bound = { readonly block: number } | { readonly time: Date };

/** What an export is about, with everything looked up. */
export interface ExportScope {
  /** A client inside the export's transaction. */
  readonly db: Queryable;
  /** By chain: the block at whose end the export holds. */
  readonly moments: ReadonlyMap<number, AsOf>;
  /** The requested books that existed by then. */
  readonly tokens: readonly TokenRecord[];
  /** Of these tokens, in every asset. */
  readonly books: readonly ScopedBook[];
  /** The request names tokens: rows without a token are left out. */
  readonly namesTokens: boolean;
  /** Only of these; empty: of all. */
  readonly holders: readonly Address[];
  readonly snapshotId: number | null;
  readonly from: Bound | null;
  readonly to: Bound | null;
  /** `row_id` of the last row that is there already. */
  readonly after: string | null;
  /** The currency of values; `null`: the export has none. */
  readonly currency: string | null;
  /** The feeds that lead to it. */
  readonly routes: PriceRoutes;
}

/** `book(number, token_number, chain_id, token, asset, block)`: the books of the scope, for WITH. */
export function bookTable({ books }: ExportScope): string {
  return literalTable(
    'book',
    {
      number: 'integer',
      token_number: 'integer',
      chain_id: 'bigint',
      token: 'text',
      asset: 'text',
      block: 'bigint',
    },
    books.map(({ number, token, asset, block }) => [
      integerLiteral(number),
      integerLiteral(token.number),
      integerLiteral(token.chainId),
      textLiteral(token.address),
      textLiteral(asset ?? 'native'),
      integerLiteral(block),
    ]),
  );
}

/** `moment(chain_id, block)`: how far each chain counts, for WITH. */
export function momentTable({ moments }: ExportScope): string {
  return literalTable(
    'moment',
    { chain_id: 'bigint', block: 'bigint' },
    [...moments.values()].map(({ chainId, block }) => [
      integerLiteral(chainId),
      integerLiteral(block),
    ]),
  );
}

/** Conditions on the operations `o` for the range of blocks or times. */
export function rangeConditions({ from, to }: ExportScope): string[] {
  return [...boundCondition('>=', from), ...boundCondition('<=', to)];
}

function boundCondition(comparison: '>=' | '<=', bound: Bound | null): string[] {
  if (bound === null) return [];
  return 'block' in bound
    ? [`o.block_number ${comparison} ${integerLiteral(bound.block)}`]
    : [`o."timestamp" ${comparison} ${timeLiteral(bound.time)}`];
}

/** If the request names holders: a condition that an account, given as bytes, is one of them. */
export function holderCondition({ holders }: ExportScope, account: string): string[] {
  if (holders.length === 0) return [];
  return [`${account} IN (${holders.map(addressLiteral).join(', ')})`];
}

/** If the request names tokens: a condition that an address on a chain, given as bytes, is one. */
export function namedTokenCondition(
  { namesTokens, tokens }: ExportScope,
  chainId: string,
  address: string,
): string[] {
  if (!namesTokens) return [];
  const named = tokens.map(
    (token) =>
      `(${chainId} = ${integerLiteral(token.chainId)} AND ${address} = ${addressLiteral(token.address)})`,
  );
  return [`(${['false', ...named].join(' OR ')})`];
}
