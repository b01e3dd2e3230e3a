import type { Address } from '../../address.js';
import { type AccountKind, isContractOf } from '../../store/read/accounts/accountKinds.js';
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
import { type Units, unitLiterals } from './units.js';

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
  /** Only accounts that are contracts, or only others; `null`: all. */
  readonly isContract: boolean | null;
  /** Only accounts of these kinds; empty: of all. */
  readonly kinds: readonly AccountKind[];
  readonly from: Bound | null;
  readonly to: Bound | null;
  /** `row_id` of the last row that is there already. */
  readonly after: string | null;
  /** The currency of values; `null`: the export has none. */
  readonly currency: string | null;
  /** The feeds that lead to it. */
  readonly routes: PriceRoutes;
  /** What amounts are counted in. */
  readonly units: Units;
}

/** `book(…)`: the books of the scope, with the units of their amounts, for WITH. */
export function bookTable({ books, units }: ExportScope): string {
  return literalTable(
    'book',
    {
      number: 'integer',
      token_number: 'integer',
      chain_id: 'bigint',
      token: 'text',
      asset: 'text',
      block: 'bigint',
      token_symbol: 'text',
      token_decimals: 'integer',
      asset_symbol: 'text',
      asset_decimals: 'integer',
    },
    books.map(({ number, token, asset, block }) => [
      integerLiteral(number),
      integerLiteral(token.number),
      integerLiteral(token.chainId),
      textLiteral(token.address),
      textLiteral(asset ?? 'native'),
      integerLiteral(block),
      ...unitLiterals(units, token.chainId, token.address),
      ...unitLiterals(units, token.chainId, asset ?? 'native'),
    ]),
  );
}

/**
 * A FROM item: the rows of some books in a table, with a branch for each. A cluster keeps the books of a token on one
 * node, and finds the node by the number.
 *
 * @param numbers of books; without any, the item has no rows
 */
export function rowsOfBooks(table: string, numbers: Iterable<number>): string {
  const branches = [...new Set(numbers)]
    .toSorted((one, other) => one - other)
    .map(integerLiteral)
    .map((number) => `SELECT * FROM ${table} WHERE token_number = ${number}`);
  const none = `SELECT * FROM ${table} WHERE token_number = 0 AND false`;
  return `(${branches.length === 0 ? none : branches.join(' UNION ALL ')})`;
}

/** Numbers of the tokens of the scope, whose balances count for all of their books. */
export function tokenNumbers({ books }: Pick<ExportScope, 'books'>): number[] {
  return books.map(({ token }) => token.number);
}

/** Numbers of the books of the scope. */
export function bookNumbers({ books }: Pick<ExportScope, 'books'>): number[] {
  return books.map(({ number }) => number);
}

/** What `book` has of the units of a row's amounts. @param row that has them */
export function bookUnits(row: string): string {
  const units = ['token_symbol', 'token_decimals', 'asset_symbol', 'asset_decimals'];
  return units.map((unit) => `${row}.${unit}`).join(', ');
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

/** If the request says what holders are: conditions on their kind, given as SQL. */
export function kindConditions({ isContract, kinds }: ExportScope, kind: string): string[] {
  const where: string[] = [];
  if (isContract !== null) where.push(`${isContractOf(kind)} = ${isContract}`);
  if (kinds.length > 0) where.push(`${kind} IN (${kinds.map(textLiteral).join(', ')})`);
  return where;
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
