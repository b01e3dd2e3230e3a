import { KINDS_OF_CONTRACTS } from '../../store/read/accounts/accountKinds.js';
import { areHoldersRead } from '../../store/read/accounts/accountReadings.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { Where } from '../../store/read/query/where.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import { mentions } from './engine/memoryList.js';
import { conjuncts } from './engine/whereScope.js';

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
