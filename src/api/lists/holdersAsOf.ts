import type { AsOf } from '../../store/read/chains/asOf.js';
import { readOpenSnapshots } from '../../store/read/entitlements/openSnapshots.js';
import type { HolderListAsOf } from '../../store/read/holders/holderListAsOf.js';
import { whereConditions } from '../../store/read/query/where.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import {
  asksForClaimable,
  firstConditions,
  holderColumns,
  isWhole,
  namesAccounts,
  splitByFigures,
} from './holderConditions.js';
import { HolderLooking } from './holderLooking.js';
import type { HolderListArgs } from './holders.js';

/** What a list is about. */
export type HolderListScope = Pick<HolderListArgs, 'orderBy' | 'filter' | 'where'>;

/** The list of holders as of any block: PostgreSQL filters, sorts and cuts it. */
export async function holdersAsOf(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: HolderListScope,
): Promise<HolderListAsOf> {
  const { filter, where } = args;
  const isOfClaimable = args.orderBy === 'claimableWei' || asksForClaimable(args);
  const [columns, open] = await Promise.all([
    holderColumns(context, token, asOf, where),
    isOfClaimable ? readOpenSnapshots(context.db, token, asOf) : null,
  ]);
  const first = firstConditions(asOf, where);
  const { ofAccount, ofFigures } = splitByFigures(where);
  const { db, computedHolders } = context;
  const { number: tokenNumber } = token;
  return {
    ...{ tokenNumber, block: asOf.block, open, filter: filter ?? {}, isWhole: isWhole(args) },
    ofAccount: (parameters) => [...first, ...whereConditions(ofAccount, columns, parameters)],
    ofFigures: (parameters) => whereConditions(ofFigures, columns, parameters),
    isOfFew: first.length > 0 || namesAccounts(where),
    looking: new HolderLooking(db, token, asOf.block, computedHolders),
  };
}
