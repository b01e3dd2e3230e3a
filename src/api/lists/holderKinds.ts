import type { Address } from '../../address.js';
import {
  type AccountKind,
  isContractKind,
  KINDS_OF_CONTRACTS,
} from '../../store/read/accounts/accountKinds.js';
import { areHoldersRead } from '../../store/read/accounts/accountReadings.js';
import { readOtherKinds } from '../../store/read/accounts/otherKinds.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Where } from '../../store/read/query/where.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import { mentions } from './engine/memoryList.js';
import { conjuncts } from './engine/whereScope.js';

/** The kinds of the holders of a token. */
export interface HolderKinds {
  of(account: Address): AccountKind | null;
  isContract(account: Address): boolean | null;
}

const KIND_FIELDS = new Set(['isContract', 'kind']);

/** Whether conditions are about what holders are. */
export function asksForKinds(where: Where<object> | null | undefined): boolean {
  return mentions(where, KIND_FIELDS);
}

/** Whether only contracts can fulfil conditions. */
export function wantsContracts(where: Where<object>): boolean {
  const parts = conjuncts(where as Where<{ isContract: boolean; kind: string }>);
  return parts.some(({ isContract, kind }) => {
    const kinds = kind?._in ?? (kind?._eq == null ? [] : [kind._eq]);
    const areContracts = kinds.length > 0 && kinds.every((one) => KINDS_OF_CONTRACTS.has(one));
    return isContract?._eq === true || areContracts;
  });
}

/** Whether the code of every holder is known; if not, the answer is marked (`extensions.unread`). */
export async function isRead(
  { db, books }: ApiContext,
  { number: tokenNumber }: TokenRecord,
  { chainId, block }: AsOf,
): Promise<boolean> {
  const [isKnown = false] = await areHoldersRead(db, { chainId, tokenNumber }, [block]);
  if (!isKnown) books.unreadTokens.add(tokenNumber);
  return isKnown;
}

/** The kinds of all holders of a token; read only if conditions ask for them. */
export async function holderKinds(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  where: Where<object> | null | undefined,
): Promise<HolderKinds> {
  if (!asksForKinds(where)) return { of: () => null, isContract: () => null };
  const isComplete = await isRead(context, token, asOf);
  const of = { chainId: asOf.chainId, tokenNumber: token.number };
  const others = await readOtherKinds(context.db, of, isComplete);
  const kindOf = (account: Address) => {
    const other = others.get(account);
    return other === undefined ? 'wallet' : other;
  };
  return { of: kindOf, isContract: (account) => isContractKind(kindOf(account)) };
}
