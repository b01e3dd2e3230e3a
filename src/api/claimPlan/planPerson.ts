import type { Address } from '../../address.js';
import type { ApiContext } from '../request/context.js';
import { planClaims } from './planClaims.js';

/**
 * The plans of the accounts of a person that have something to claim, or through a pool, in the order given.
 *
 * @throws ImoError as `planClaims`
 */
export async function planPerson(
  context: ApiContext,
  accounts: readonly Address[],
  chainId: number | null,
) {
  const plans = await Promise.all(accounts.map((account) => planClaims(context, account, chainId)));
  return plans.filter(({ steps, through }) => steps.length > 0 || through.length > 0);
}
