import type { AsOf } from '../store/read/asOf.js';
import { compareValues, readKeysetPage, sortedList } from '../store/read/keysetPage.js';
import { EMPTY_POOL_VERSION, type PoolVersion } from '../store/read/poolVersions.js';
import type { TokenRecord } from '../store/read/tokens.js';
import { type Connection, connection } from './connection.js';
import type { ApiContext } from './context.js';
import { type TokenKey, tokenCursor } from './cursor.js';
import { type OrderDirection, TokenOrderBy } from './enums.js';
import type { TokenFilterInput } from './filters.js';
import type { AtInput, PageArgs } from './inputs.js';
import { pageRequest } from './pagination.js';
import { type TokenNode, tokenNode } from './types/token.js';

export interface TokenListArgs extends PageArgs {
  readonly filter?: TokenFilterInput | null;
  readonly orderBy: TokenOrderBy;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

interface Row {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  readonly value: bigint;
}

/**
 * A page of the indexed tokens; empty while nothing is indexed. There are few tokens, so they
 * are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function tokenList(
  context: ApiContext,
  args: TokenListArgs,
): Promise<Connection<TokenNode>> {
  const { books, budget } = context;
  const codec = tokenCursor(args.orderBy);
  const request = pageRequest(args, codec);
  budget.spendPage();
  const chainId = args.filter?.chainId ?? null;
  const isEmpty = chainId !== null && (await books.isAwaited(chainId));
  const asOf = isEmpty ? new Map<number, AsOf>() : await books.asOfChains(chainId, args.at);
  const candidates = (await books.tokensOf(asOf, null)).filter(
    (token) => passes(token, args.filter) && hasStarted(token, asOf),
  );
  const sign = args.direction === 'ASC' ? 1 : -1;
  const compare = (left: TokenKey, right: TokenKey) =>
    sign * (compareValues(left.value, right.value) || compareValues(left.number, right.number));
  const rows = await withValues(context, candidates, asOf, args.orderBy);
  const ordered = rows.toSorted((left, right) => compare(keyOf(left), keyOf(right)));
  return connection({
    page: await readKeysetPage(sortedList(ordered, keyOf, compare), request),
    codec,
    asOf: [...asOf.values()],
    keyOf,
    toNode: (row) => tokenNode(row.token, row.asOf),
    count: async () => ordered.length,
  });
}

function keyOf({ token, value }: Row): TokenKey {
  return { value, number: token.number };
}

function passes(
  { symbol, rules }: TokenRecord,
  filter: TokenFilterInput | null | undefined,
): boolean {
  return (
    (filter?.symbol == null || filter.symbol === symbol) &&
    (filter?.policy == null || filter.policy === rules.policy.name)
  );
}

function hasStarted(token: TokenRecord, asOf: ReadonlyMap<number, AsOf>): boolean {
  return token.startBlock <= (asOf.get(token.chainId)?.block ?? -1);
}

async function withValues(
  { loaders }: ApiContext,
  tokens: readonly TokenRecord[],
  asOf: ReadonlyMap<number, AsOf>,
  orderBy: TokenOrderBy,
): Promise<Row[]> {
  const rows = tokens.flatMap((token) => {
    const moment = asOf.get(token.chainId);
    return moment === undefined ? [] : [{ token, asOf: moment }];
  });
  const versions =
    orderBy === TokenOrderBy.INDEXED
      ? []
      : await Promise.all(
          rows.map(({ token, asOf: { block } }) =>
            loaders.poolVersion.load({ tokenNumber: token.number, block }),
          ),
        );
  return rows.map((row, index) => {
    const version = versions[index] ?? EMPTY_POOL_VERSION;
    return { ...row, value: figureOf(row.token, version, orderBy) };
  });
}

function figureOf(token: TokenRecord, version: PoolVersion, orderBy: TokenOrderBy): bigint {
  switch (orderBy) {
    case TokenOrderBy.RECEIVED:
      return version.receivedWei;
    case TokenOrderBy.BALANCE:
      return version.balanceWei;
    case TokenOrderBy.INDEXED:
      return BigInt(token.number);
  }
}
