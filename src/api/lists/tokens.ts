import { momentInBooks } from '../../books/archiveMark.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { PoolVersion } from '../../store/read/tokens/poolVersions.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { type TokenNode, tokenNode } from '../objects/tokens/token.js';
import type { ApiContext } from '../request/context.js';
import type { Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { ADDRESS, AMOUNT, BLOCK, TEXT } from './engine/fieldKinds.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { assertBounded } from './engine/whereBounds.js';

const FIGURE = { kind: AMOUNT, isFigure: true };

interface Row {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  /** `null`: the query does not need it. */
  readonly version: PoolVersion | null;
}

const startedAt = ({ token }: Row) => [BigInt(token.number)];

export const TOKEN_LIST = defineMemoryList({
  name: 'Token',
  rows: 'tokens',
  toNode: (row: Row) => tokenNode(row.token, row.asOf),
  keyOf: startedAt,
  fields: {
    chainId: { kind: BLOCK, text: 'EIP-155 chain id.', of: ({ token }: Row) => token.chainId },
    address: {
      kind: ADDRESS,
      text: 'The contract of the token.',
      of: ({ token }: Row) => token.address,
    },
    name: {
      kind: TEXT,
      text: 'name(), if the contract has it.',
      of: ({ token }: Row) => token.name,
    },
    symbol: {
      kind: TEXT,
      text: 'As the field `symbol` shows it.',
      of: ({ token }: Row) => shownSymbol(token),
    },
    decimals: {
      kind: BLOCK,
      text: 'decimals(), if the contract has it.',
      of: ({ token }: Row) => token.decimals,
    },
    startBlock: {
      kind: BLOCK,
      text: 'First indexed block.',
      of: ({ token }: Row) => token.startBlock,
    },
    policy: {
      kind: TEXT,
      text: 'How it shares its revenue: the name of the policy.',
      of: ({ token }: Row) => token.rules.policy.name,
    },
    percentClaimable: {
      kind: BLOCK,
      text: 'Percent of new revenue that a snapshot assigns to holders.',
      of: ({ token, asOf }: Row) => Number(rulesAt(token.rules, asOf.block).terms.percentClaimable),
    },
    balanceWei: {
      ...FIGURE,
      text: "The contract's ETH balance, in wei.",
      of: ({ version }: Row) => version?.balanceWei ?? null,
    },
    receivedWei: {
      ...FIGURE,
      text: 'Revenue received since the deployment, in wei.',
      of: ({ version }: Row) => version?.receivedWei ?? null,
    },
    claimedWei: {
      ...FIGURE,
      text: 'Claimed by all holders since the deployment, in wei.',
      of: ({ version }: Row) => version?.claimedWei ?? null,
    },
    redeemedWei: {
      ...FIGURE,
      text: 'Paid for burned tokens since the deployment, in wei.',
      of: ({ version }: Row) => version?.redeemedWei ?? null,
    },
    supply: {
      ...FIGURE,
      text: 'Total supply in token units.',
      of: ({ version }: Row) => version?.supply ?? null,
    },
    lastSnapshotId: {
      kind: BLOCK,
      text: 'The newest snapshot; 0 before the first.',
      of: ({ version }: Row) => version?.lastSnapshotId ?? null,
      isFigure: true,
    },
  },
  orders: {
    INDEXED: { text: 'The order in which we began to index them.', of: startedAt },
    RECEIVED: {
      text: 'Revenue received since the deployment, in wei.',
      of: ({ version }: Row) => [version?.receivedWei ?? 0n],
    },
    BALANCE: {
      text: "The contract's ETH balance, in wei.",
      of: ({ version }: Row) => [version?.balanceWei ?? 0n],
    },
    CLAIMED: {
      text: 'Claimed by all holders since the deployment, in wei.',
      of: ({ version }: Row) => [version?.claimedWei ?? 0n],
    },
    REDEEMED: {
      text: 'Paid for burned tokens since the deployment, in wei.',
      of: ({ version }: Row) => [version?.redeemedWei ?? 0n],
    },
  },
  filter: {
    ...CHAIN_FILTER,
    policy: 'Only this revenue policy, by its name.',
    symbol: 'Only this symbol, exactly, as the field `symbol` shows it.',
  },
});

export type TokenListArgs = InstanceType<typeof TOKEN_LIST.Args>;

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
  const { filter, where } = args;
  assertBounded(where);
  budget.spendPage();
  const chainId = filter?.chainId ?? null;
  const isEmpty = chainId !== null && (await books.isAwaited(chainId));
  const asOf = isEmpty ? new Map<number, AsOf>() : await books.asOfChains(chainId, args.at);
  const rows = (await books.tokensOf(asOf, null)).flatMap((token): Row[] => {
    const moment = asOf.get(token.chainId);
    if (moment === undefined || token.startBlock > moment.block) return [];
    return [{ token, asOf: momentInBooks(token, moment), version: null }];
  });
  return TOKEN_LIST.page(rows, [...asOf.values()], args, async (row) => {
    const key = { tokenNumber: row.token.number, block: row.asOf.block };
    return { ...row, version: await context.loaders.poolVersion.load(key) };
  });
}
