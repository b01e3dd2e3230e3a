import { z } from 'zod';
import { LedgerError } from '../../../ledger/errors.js';
import { PART_WORDS, type PolicyParts } from '../../../ledger/policies/parts.js';
import type { RevenuePolicy } from '../../../ledger/policies/policy.js';
import { policyNamed, policyOfParts } from '../../../ledger/policies/registry.js';

const stated = z.strictObject({
  unit: z.enum(['seconds', 'blocks']),
  length: z.string().regex(/^\d+$/),
});

const ownPart = z.strictObject({
  rules: z.string(),
  numbers: z.record(z.string(), z.string().regex(/^\d+$/)),
});

const storedParts = z.strictObject({
  revenue: z.enum(PART_WORDS.revenue),
  percent: z.union([z.literal('getter'), z.int().min(0).max(100)]),
  window: z.union([z.literal('getter'), z.literal('none'), z.int().min(1)]),
  claimedId: z.enum(PART_WORDS.claimedId),
  rounding: z.enum(PART_WORDS.rounding),
  rollOver: z.enum(PART_WORDS.rollOver),
  interval: z.union([z.enum(PART_WORDS.interval), stated]),
  snapshots: z.enum(PART_WORDS.snapshots),
  own: ownPart.optional(),
}) satisfies z.ZodType<PolicyParts>;

/**
 * Returns the policy that a token was indexed with, from its stored name and parts.
 *
 * @param parts `null` in a row from before parts were stored
 * @throws LedgerError `LEDGER_UNKNOWN_POLICY` for a policy of a newer program
 */
export function storedPolicy(name: string, parts: unknown): RevenuePolicy {
  if (parts === null || parts === undefined) return policyNamed(name);
  const parsed = storedParts.safeParse(parts);
  if (parsed.success) return policyOfParts(name, parsed.data);
  throw new LedgerError(
    'LEDGER_UNKNOWN_POLICY',
    `the parts of policy "${name}" are not known: ${JSON.stringify(parts).slice(0, 200)}`,
    'A newer version of imo-ledger indexed this token. Use that version.',
  );
}
