import { holderIsContract, holderKindColumns } from '../../store/read/accounts/accountKinds.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import { type Where, whereConditions } from '../../store/read/query/where.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import type { Conditions } from './engine/defineStoredList.js';
import { mentions } from './engine/memoryList.js';
import { conjuncts, requiredValues } from './engine/whereScope.js';
import { asksForKinds, isRead, wantsContracts } from './holderKinds.js';
import { asksForNames, holderHasName, holderNameColumn, wantsName } from './holderNames.js';
import { HOLDER_LIST, type HolderListArgs } from './holders.js';

/** The conditions on the cache. */
export async function cacheConditions(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  where: HolderListArgs['where'],
): Promise<Conditions | undefined> {
  if (where == null) return undefined;
  const columns = await holderColumns(context, token, asOf, where);
  const first = firstConditions(asOf, where);
  return (parameters) => [...first, ...whereConditions(where, columns, parameters)];
}

/** The columns of conditions; kinds and labels of an account are those of its chain. */
export async function holderColumns(
  context: ApiContext,
  token: TokenRecord,
  { chainId, ...asOf }: AsOf,
  where: HolderListArgs['where'],
): Promise<typeof HOLDER_LIST.columns> {
  return {
    ...HOLDER_LIST.columns,
    ...(asksForKinds(where)
      ? holderKindColumns(chainId, await isRead(context, token, { chainId, ...asOf }))
      : {}),
    ...(asksForNames(where) ? { label: holderNameColumn(chainId) } : {}),
  };
}

/** Conditions that leave few accounts, where others imply them. */
export function firstConditions({ chainId }: AsOf, where: HolderListArgs['where']): string[] {
  if (where == null) return [];
  return [
    ...(wantsContracts(where) ? [holderIsContract(chainId)] : []),
    ...(wantsName(where) ? [holderHasName(chainId)] : []),
  ];
}

/** Whether the list has all holders. */
export function isWhole({ filter, where }: Pick<HolderListArgs, 'filter' | 'where'>): boolean {
  return where == null && Object.values(filter ?? {}).every((bound) => bound == null);
}

const CLAIMABLE = new Set(['claimableWei']);

/** Whether conditions are about what holders can claim. */
export function asksForClaimable({
  filter,
  where,
}: Pick<HolderListArgs, 'filter' | 'where'>): boolean {
  return filter?.minClaimableWei != null || mentions(where, CLAIMABLE);
}

const FIGURES = new Set(['balance', 'claimableWei', 'claimedWei', 'redeemedWei']);

/** Conditions that must all hold, by what they are about. */
export interface SplitConditions {
  /** On the account alone. */
  readonly ofAccount: Where<object>;
  readonly ofFigures: Where<object>;
}

/** Separates the conditions that no figure of a holder is needed for: others are not examined. */
export function splitByFigures(where: Where<object> | null | undefined): SplitConditions {
  const parts = conjuncts(where).flatMap(({ _and, ...fields }) =>
    Object.entries(fields).map(([name, condition]): Where<object> => ({ [name]: condition })),
  );
  const [ofFigures, ofAccount] = [true, false].map((isOfFigures) =>
    parts.filter((part) => mentions(part, FIGURES) === isOfFigures),
  );
  return { ofAccount: { _and: ofAccount ?? [] }, ofFigures: { _and: ofFigures ?? [] } };
}

/** Whether conditions name the accounts that can fulfil them. */
export function namesAccounts(where: Where<object> | null | undefined): boolean {
  return requiredValues(conjuncts(where as Where<{ address: string }>), 'address') !== null;
}
