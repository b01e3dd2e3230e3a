import { z } from 'zod';

/** What is checked against the contracts while the head is followed. */
export interface AuditConfig {
  /** Holders of each token that are asked about at a time, in turn. */
  readonly holdersPerBlock: number;
  /** An audit after so many newly final blocks. */
  readonly everyBlocks: number;
  /** Calls to the node at most. */
  readonly callsPerSecond: number;
}

/** Small enough for any endpoint: one token makes some 60 calls, or 2 with Multicall3. */
const DEFAULTS = { holdersPerBlock: 20, everyBlocks: 1, callsPerSecond: 20 };

/** Keys below `audit`. */
export const AUDIT_KEYS: Readonly<Record<string, readonly string[]>> = {
  audit: ['holdersPerBlock', 'everyBlocks', 'callsPerSecond'],
};

export const AUDIT_KEY_HINTS: Readonly<Record<string, string>> = {
  audit:
    'Write `audit: {holdersPerBlock: 20, everyBlocks: 1}`, `audit: false` for none, or leave it out.',
  holdersPerBlock: 'Write how many holders to check at a time, e.g. `holdersPerBlock: 20`.',
  everyBlocks: 'Write after how many final blocks to check some, e.g. `everyBlocks: 1`.',
  callsPerSecond: 'Write how many calls a second the audit may make, e.g. `callsPerSecond: 20`.',
};

/** `null`: switched off (`false`). Left out: a small sample at every final block. */
export const auditField = z.preprocess(
  // A union would tell of a wrong key no more than that the whole fits nothing.
  (audit) => (audit === false ? null : (audit ?? {})),
  z
    .strictObject({
      holdersPerBlock: z.int().min(0).max(10_000).default(DEFAULTS.holdersPerBlock),
      everyBlocks: z.int().min(1).max(1_000_000).default(DEFAULTS.everyBlocks),
      callsPerSecond: z.int().min(1).max(10_000).default(DEFAULTS.callsPerSecond),
    })
    .nullable(),
) satisfies z.ZodType<AuditConfig | null>;
