import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Address } from '../address.js';
import { ImoError } from '../errors.js';
import type { Disagreement } from './disagreements/disagreement.js';
import type { HolderChoice } from './steps/parts.js';

/** How far an audit of a chain has come: enough to continue after an interruption. */
export interface AuditState {
  readonly chainId: number;
  readonly block: { readonly number: number; readonly hash: string };
  readonly token: Address | null;
  readonly holders: HolderChoice;
  /** Earlier blocks that are drawn for each token; `null`: only the block itself is audited. */
  readonly earlier: number | null;
  /** Contracts that are done. */
  readonly steps: number;
  /** Where the next one continues; `null`: at its start. */
  readonly after: string | null;
  /** Accounts asked about so far. */
  readonly accounts: number;
  readonly figures: number;
  /** All of them; of the first ones `mismatches` has the details. */
  readonly mismatchCount: number;
  readonly mismatches: readonly Disagreement[];
  readonly notCompared: readonly string[];
}

const whole = z.int().min(0);
const amount = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);
const address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/)
  .transform((text) => text as Address);
const hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/)
  .transform((text) => text as `0x${string}`);

const operation = z.object({
  block: whole,
  position: whole,
  kind: z.string(),
  amount,
  transactionHash: hash.nullable(),
});
const disagreement = z.object({
  figure: z.string(),
  token: address,
  account: address.nullable(),
  block: whole,
  ours: amount,
  contract: amount.nullable(),
  lastAgreement: whole.nullable(),
  operations: z.array(operation),
});
const auditState = z.object({
  chainId: whole,
  block: z.object({ number: whole, hash }),
  token: address.nullable(),
  holders: z.union([z.literal('all'), whole]),
  earlier: whole.nullable(),
  steps: whole,
  after: z.string().nullable(),
  accounts: whole,
  figures: whole,
  mismatchCount: whole,
  mismatches: z.array(disagreement),
  notCompared: z.array(z.string()),
}) satisfies z.ZodType<AuditState>;

/** An audit of which nothing is done yet. */
export function newAudit(
  of: Pick<AuditState, 'chainId' | 'block' | 'token' | 'holders' | 'earlier'>,
): AuditState {
  return {
    ...of,
    steps: 0,
    after: null,
    accounts: 0,
    figures: 0,
    mismatchCount: 0,
    mismatches: [],
    notCompared: [],
  };
}

/** Integers of any size as decimal strings. */
export function toJson(value: unknown, space?: number): string {
  return JSON.stringify(
    value,
    (_, item) => (typeof item === 'bigint' ? String(item) : item),
    space,
  );
}

/** Replaces the file at once: it is whole, whenever the process ends. */
export async function saveState(path: string, state: AuditState): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.new`, toJson(state));
  await rename(`${path}.new`, path);
}

/**
 * @returns `null` if no audit was interrupted
 * @throws ImoError `AUDIT_BAD_STATE` if the file is not a state of this audit
 */
export async function loadState(path: string): Promise<AuditState | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  try {
    return auditState.parse(JSON.parse(text));
  } catch (cause) {
    throw new ImoError(
      'AUDIT_BAD_STATE',
      `${path} is not the state of an audit`,
      'Remove the file and start the audit without --resume.',
      { cause },
    );
  }
}

export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}
