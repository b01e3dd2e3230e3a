import { momentInBooks } from '../../../books/archiveMark.js';
import { personThrough } from '../../../ledger/persons/through.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { assetsOf } from '../../lists/assetList.js';
import type { ApiContext } from '../../request/context.js';
import { pooledTokens, type ThroughNode } from '../holders/through.js';
import type { PersonNode } from './person.js';

/** What the accounts are owed through pools together, of each token in every asset that it shares: ETH first. */
export async function throughOf(
  context: ApiContext,
  { holders, moments }: PersonNode,
): Promise<ThroughNode[]> {
  if (!(await context.books.hasPools())) return [];
  const tokens = await pooledTokens(context);
  const nodes = await Promise.all(
    tokens.map((token) => {
      const moment = moments.get(token.chainId);
      return moment === undefined || token.startBlock > moment.block
        ? []
        : throughToken(context, holders, token, momentInBooks(token, moment));
    }),
  );
  const all = nodes.flat();
  for (const { token } of all) context.books.use(token.number);
  return all;
}

async function throughToken(
  context: ApiContext,
  accounts: PersonNode['holders'],
  token: TokenRecord,
  asOf: AsOf,
): Promise<ThroughNode[]> {
  const { loaders, budget } = context;
  const shared = await assetsOf(token, asOf, context);
  const bookNumbers = [undefined, ...shared.map(({ bookNumber }) => bookNumber)];
  const ofBooks = await Promise.all(
    bookNumbers.map(async (bookNumber) => {
      const ways = await Promise.all(
        accounts.map((account) =>
          loaders.through.load({ token, account, block: asOf.block, bookNumber }),
        ),
      );
      budget.spendRows(ways.flat().length);
      return personThrough(accounts, ways.flat()).map(
        ({ path, entitlement }): ThroughNode => ({
          ...entitlement,
          path,
          token,
          bookNumber: bookNumber ?? token.number,
          asOf,
        }),
      );
    }),
  );
  return ofBooks.flat();
}
