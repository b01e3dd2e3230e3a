import type { Address } from '../../address.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Where } from '../../store/read/query/where.js';
import type { WhereGetters } from '../../store/read/query/wherePasses.js';
import type { PoolVersion } from '../../store/read/tokens/poolVersions.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { type TokenNode, tokenNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import { type OrderDirection } from '../values/enums.js';
import { TokenOrderBy } from '../values/orderEnums.js';
import type { Connection } from './engine/connection.js';
import type { AtInput, PageArgs } from './engine/inputs.js';
import { memoryList, mentions } from './engine/memoryList.js';
import { assertBounded } from './engine/whereBounds.js';
import type { TokenFilterInput } from './inputs/filters.js';

export interface TokenListArgs extends PageArgs {
  readonly filter?: TokenFilterInput | null;
  readonly where?: Where<TokenFields> | null;
  readonly orderBy: TokenOrderBy;
  readonly direction: OrderDirection;
  readonly at?: AtInput | null;
}

/** What tokens can be narrowed by. */
export interface TokenFields {
  readonly chainId: number;
  readonly address: Address;
  readonly name: string | null;
  readonly symbol: string | null;
  readonly decimals: number | null;
  readonly startBlock: number;
  readonly policy: string;
  readonly percentClaimable: number;
  readonly balanceWei: bigint;
  readonly receivedWei: bigint;
  readonly claimedWei: bigint;
  readonly redeemedWei: bigint;
  readonly supply: bigint;
  readonly lastSnapshotId: number;
}

interface Row {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  /** `null`: nothing asks for it. */
  readonly version: PoolVersion | null;
}

const FIGURES = {
  balanceWei: ({ version }: Row) => version?.balanceWei ?? null,
  receivedWei: ({ version }: Row) => version?.receivedWei ?? null,
  claimedWei: ({ version }: Row) => version?.claimedWei ?? null,
  redeemedWei: ({ version }: Row) => version?.redeemedWei ?? null,
  supply: ({ version }: Row) => version?.supply ?? null,
  lastSnapshotId: ({ version }: Row) => version?.lastSnapshotId ?? null,
};

const GETTERS: WhereGetters<Row, TokenFields> = {
  ...FIGURES,
  chainId: ({ token }) => token.chainId,
  address: ({ token }) => token.address,
  name: ({ token }) => token.name,
  symbol: ({ token }) => shownSymbol(token),
  decimals: ({ token }) => token.decimals,
  startBlock: ({ token }) => token.startBlock,
  policy: ({ token }) => token.rules.policy.name,
  percentClaimable: ({ token, asOf }) =>
    Number(rulesAt(token.rules, asOf.block).terms.percentClaimable),
};

const FIGURE_NAMES = new Set(Object.keys(FIGURES));

/**
 * A page of the indexed tokens; empty while nothing is indexed. There are few tokens, so they
 * are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN`, `BAD_AT`, `BLOCK_NOT_INDEXED` or `QUERY_TOO_LARGE`;
 *   GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function tokenList(
  context: ApiContext,
  args: TokenListArgs,
): Promise<Connection<TokenNode>> {
  const { books, budget } = context;
  const { filter, where, orderBy } = args;
  assertBounded(where);
  budget.spendPage();
  const chainId = filter?.chainId ?? null;
  const isEmpty = chainId !== null && (await books.isAwaited(chainId));
  const asOf = isEmpty ? new Map<number, AsOf>() : await books.asOfChains(chainId, args.at);
  const candidates = (await books.tokensOf(asOf, null)).filter(
    (token) => passes(token, filter) && hasStarted(token, asOf),
  );
  const needsFigures = orderBy !== TokenOrderBy.INDEXED || mentions(where, FIGURE_NAMES);
  return memoryList(
    {
      list: `tokens:${orderBy}`,
      rows: await rowsOf(context, candidates, asOf, needsFigures),
      getters: GETTERS,
      keyOf: (row) => [figureOf(row, orderBy), BigInt(row.token.number)],
      asOf: [...asOf.values()],
      toNode: (row) => tokenNode(row.token, row.asOf),
    },
    args,
  );
}

function passes(token: TokenRecord, filter: TokenFilterInput | null | undefined): boolean {
  return (
    (filter?.symbol == null || filter.symbol === shownSymbol(token)) &&
    (filter?.policy == null || filter.policy === token.rules.policy.name)
  );
}

function hasStarted(token: TokenRecord, asOf: ReadonlyMap<number, AsOf>): boolean {
  return token.startBlock <= (asOf.get(token.chainId)?.block ?? -1);
}

function rowsOf(
  { loaders }: ApiContext,
  tokens: readonly TokenRecord[],
  asOf: ReadonlyMap<number, AsOf>,
  needsFigures: boolean,
): Promise<Row[]> {
  const rows = tokens.flatMap((token) => {
    const moment = asOf.get(token.chainId);
    return moment === undefined ? [] : [{ token, asOf: moment }];
  });
  return Promise.all(
    rows.map(async (row) => {
      if (!needsFigures) return { ...row, version: null };
      const key = { tokenNumber: row.token.number, block: row.asOf.block };
      return { ...row, version: await loaders.poolVersion.load(key) };
    }),
  );
}

function figureOf(row: Row, orderBy: TokenOrderBy): bigint {
  switch (orderBy) {
    case TokenOrderBy.RECEIVED:
      return FIGURES.receivedWei(row) ?? 0n;
    case TokenOrderBy.BALANCE:
      return FIGURES.balanceWei(row) ?? 0n;
    case TokenOrderBy.CLAIMED:
      return FIGURES.claimedWei(row) ?? 0n;
    case TokenOrderBy.REDEEMED:
      return FIGURES.redeemedWei(row) ?? 0n;
    case TokenOrderBy.INDEXED:
      return BigInt(row.token.number);
  }
}
