import type { Address } from '../address.js';
import { tokenBehind } from '../config/pools/tokenBehind.js';
import type { ChainConfig } from '../config/types.js';
import type { DepositPoolRecord } from '../store/read/pools/depositPools.js';
import { refusalText } from './examine.js';
import type { EntryFinding, PlanRefusal } from './plan.js';

/**
 * Pools of a config with no token of the config behind them: the token, or the pool whose shares they hold, was
 * removed. A vault says itself what it holds, so its entry alone does not show it.
 *
 * @param known what the database has
 * @param findings about the entries that come or change
 */
export function poolsWithoutToken(
  { tokens, lookThrough = [] }: Pick<ChainConfig, 'tokens' | 'lookThrough'>,
  known: readonly Pick<DepositPoolRecord, 'address' | 'holds'>[],
  findings: ReadonlyMap<string, EntryFinding>,
): PlanRefusal[] {
  const found = lookThrough.map(({ address }) => ({
    address,
    finding: findings.get(`lookThrough ${address}`),
  }));
  // What is behind a refused pool is not known.
  if (found.some(({ finding }) => finding !== undefined && 'refusal' in finding)) return [];
  const stored = new Map(known.map(({ address, holds }) => [address, holds]));
  const holds = new Map<Address, Address>();
  for (const { address, finding } of found) {
    const held = finding === undefined || 'refusal' in finding ? undefined : finding.holds;
    const token = held ?? stored.get(address);
    if (token !== undefined) holds.set(address, token as Address);
  }
  return lookThrough.flatMap(({ address }) => {
    try {
      tokenBehind(tokens, holds, address);
      return [];
    } catch (error) {
      return [{ entry: `lookThrough ${address}`, ...refusalText(error) }];
    }
  });
}
