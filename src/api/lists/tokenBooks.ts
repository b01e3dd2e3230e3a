import type { Address } from '../../address.js';
import type { RevenueBooks } from '../../books/requestBooks.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { OperationRecord } from '../../store/read/operations/operation.js';
import type { OperationNode } from '../objects/operations/operations.js';
import type { ApiContext } from '../request/context.js';
import type { AskedIds } from './engine/askedIds.js';
import { only } from './engine/field.js';
import { ADDRESS, HASH } from './engine/fieldKinds.js';
import { CHAIN_FILTER, TIME_FILTER } from './engine/operationFields.js';
import { assertKnownModels, assertKnownSnapshots } from './knownIds.js';

/** The books of a token in an asset, as the owner of rows. */
export interface BookOwner extends RevenueBooks {
  readonly chainId: number;
  readonly startBlock: number;
}

const TOKEN = { kind: ADDRESS, text: 'The token.', of: ({ token }: BookOwner) => token.address };

/** The books of tokens in the asset of the filter. */
export const OF_BOOKS = {
  fields: { token: TOKEN },

  async ownersOf(
    { books }: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { token, asset }: { readonly token?: Address | null; readonly asset?: Address | null },
  ): Promise<BookOwner[]> {
    const inAsset = await books.booksIn(asset, await books.tokensOf(chains, token));
    return inAsset.map((book) => {
      const { chainId, startBlock } = book.token;
      return { ...book, chainId, startBlock };
    });
  },

  async assertKnownIds(
    context: ApiContext,
    question: AskedIds,
    books: readonly BookOwner[],
  ): Promise<void> {
    await assertKnownSnapshots(context, question, books);
    await assertKnownModels(context, question);
  },
};

/** The tokens themselves: transfers and the like do not belong to an asset. */
export const OF_TOKENS = {
  fields: { token: TOKEN },
  ownersOf: (
    context: ApiContext,
    chains: ReadonlyMap<number, AsOf>,
    { token }: { readonly token?: Address | null },
  ) => OF_BOOKS.ownersOf(context, chains, { token }),
};

/** The fields that lists of a token's operations are filtered by. */
export const TOKEN_FILTER = {
  ...CHAIN_FILTER,
  token: only(
    ADDRESS,
    'Only this token; on every chain where it is indexed, unless chainId is given.',
  ),
  ...TIME_FILTER,
  transactionHash: only(HASH, 'Only this transaction.'),
};

/** The fields that lists of a token's revenue are filtered by. */
export const REVENUE_FILTER = {
  ...TOKEN_FILTER,
  asset: only(
    ADDRESS,
    'Only revenue in this ERC-20, which a token shares in addition to ETH; amounts are then in its smallest unit. Default: only ETH, in wei.',
  ),
};

/** Fields of a movement of revenue that its books have: no column of a row says them. */
export const OF_ITS_BOOKS = { asset: [], assetSymbol: [], assetDecimals: [], token: [] } as const;

export function bookNode<Row extends OperationRecord>(
  row: Row,
  { token, asset }: BookOwner,
  asOf: AsOf,
): OperationNode<Row> & { readonly asset: Address | null } {
  return { asset, ...row, tokenNumber: token.number, asOf };
}
