import { LedgerError } from '../errors.js';
import type { RevenuePolicy } from '../policy.js';
import { altRevenue } from './altRevenue.js';
import { reference } from './reference.js';
import { windowed } from './windowed.js';

/** Every known policy. The order is the order in which `auto` tries them. */
export const POLICIES: readonly RevenuePolicy[] = [altRevenue, windowed, reference];

/** @throws LedgerError `LEDGER_UNKNOWN_POLICY`, with the names that exist. */
export function policyNamed(name: string): RevenuePolicy {
  const policy = POLICIES.find((candidate) => candidate.name === name);
  if (policy === undefined) {
    const known = POLICIES.map((candidate) => candidate.name).join(', ');
    throw new LedgerError(
      'LEDGER_UNKNOWN_POLICY',
      `"${name}" is not a revenue policy`,
      `Known policies: ${known}.`,
    );
  }
  return policy;
}
