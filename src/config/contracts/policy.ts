import { z } from 'zod';
import { PART_WORDS, type PolicyParts } from '../../ledger/policies/parts.js';
import type { RevenuePolicy } from '../../ledger/policies/policy.js';
import { POLICIES, policyLike, policyNamed } from '../../ledger/policies/registry.js';
import { closest } from '../file/closest.js';
import { refuseField } from '../file/fields.js';

/** A policy that the config states: like a known one, except for some parts. */
export interface StatedPolicy {
  readonly like: string;
  readonly parts: Partial<PolicyParts>;
}

const names = POLICIES.map(({ name }) => name);
const WIDEST_WINDOW = 1_000_000;
const length = z.int().min(0);

/** The words of a part as hints write them: `rounding: reference` or `rounding: windowed`. */
function wordsOf(part: keyof typeof PART_WORDS): string {
  const [first = '', ...others] = PART_WORDS[part].map((word) => `\`${part}: ${word}\``);
  if (others.length === 1) return [first, ...others].join(' or ');
  const bare = PART_WORDS[part].slice(1).map((word) => `\`${word}\``);
  const last = bare.pop();
  return `${[first, ...bare].join(', ')} or ${last}`;
}

export const POLICY_KEYS = {
  policy: [
    'like',
    'window',
    'claimedId',
    'rounding',
    'rollOver',
    'percent',
    'interval',
    'snapshots',
  ],
  interval: ['blocks', 'seconds'],
};

export const POLICY_KEY_HINTS = {
  policy: 'Write `policy: auto`, the name of a policy, or what its getters do not say: {like: …}.',
  like: `Write the known policy that it is like, e.g. \`like: windowed\`: ${names.join(', ')}.`,
  window: 'Write how many snapshots can be claimed, e.g. `window: 3`, or `window: none`.',
  claimedId: `Write what claimableRevenue does for a claimed id: ${wordsOf('claimedId')}.`,
  rounding: `Write how burns are rounded: ${wordsOf('rounding')}.`,
  rollOver: `Write where the rest of an expired snapshot goes: ${wordsOf('rollOver')}.`,
  percent: 'Write the percentage that snapshots assign, 0 to 100, e.g. `percent: 100`.',
  interval:
    'Write the least gap of snapshots: `interval: {blocks: 648000}`, `{seconds: 604800}`, or `unknown`.',
  blocks: 'Write a whole number of blocks, e.g. `interval: {blocks: 648000}`.',
  seconds: 'Write a whole number of seconds, e.g. `interval: {seconds: 604800}`.',
  snapshots: `Write who may take a snapshot: ${wordsOf('snapshots')}.`,
};

const policyName = (known: readonly string[]) =>
  z.string().superRefine((name, context) => {
    if (known.includes(name)) return;
    const similar = closest(name, known);
    refuseField(
      context,
      'CONFIG_UNKNOWN_POLICY',
      `"${name}" is not a revenue policy`,
      `${similar === null ? '' : `Did you mean "${similar}"? `}Known policies: ${known.join(', ')}.`,
    );
  });

/** One of some words, with the closest one in the hint. */
function word<const Word extends string>(words: readonly Word[]) {
  return z.any().transform((value, context): Word => {
    const found = words.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    const similar = typeof value === 'string' ? closest(value, words) : null;
    refuseField(
      context,
      'CONFIG_INVALID',
      `${JSON.stringify(value)} is not known here`,
      `${similar === null ? '' : `Did you mean "${similar}"? `}Write ${words.join(' or ')}.`,
    );
    return z.NEVER;
  });
}

/** A value that may also be a word. */
function orWord<Value, const Word extends string>(value: z.ZodType<Value>, words: readonly Word[]) {
  return z.any().transform((input, context): Value | Word => {
    const parsed = (typeof input === 'string' ? word(words) : value).safeParse(input);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues) context.issues.push({ ...issue, input });
    return z.NEVER;
  });
}

const interval = z
  .strictObject({ blocks: length.optional(), seconds: length.optional() })
  .transform(({ blocks, seconds }, context) => {
    if (blocks !== undefined && seconds === undefined) {
      return { unit: 'blocks' as const, length: String(blocks) };
    }
    if (seconds !== undefined && blocks === undefined) {
      return { unit: 'seconds' as const, length: String(seconds) };
    }
    refuseField(
      context,
      'CONFIG_INVALID',
      'either blocks or seconds is required',
      POLICY_KEY_HINTS.interval,
    );
    return z.NEVER;
  });

const stated = z
  .strictObject({
    like: policyName(names),
    window: orWord(z.int().min(1).max(WIDEST_WINDOW), ['none']).optional(),
    claimedId: word(PART_WORDS.claimedId).optional(),
    rounding: word(PART_WORDS.rounding).optional(),
    rollOver: word(PART_WORDS.rollOver).optional(),
    percent: z.int().min(0).max(100).optional(),
    interval: orWord(interval, ['unknown']).optional(),
    snapshots: word(PART_WORDS.snapshots).optional(),
  })
  .transform(({ like, interval: gap, ...parts }): StatedPolicy => {
    const given = Object.entries({ ...parts, interval: gap === 'unknown' ? 'optional' : gap });
    return { like, parts: Object.fromEntries(given.filter(([, part]) => part !== undefined)) };
  });

/** The name of a revenue policy, `auto`, or a policy that is stated part by part. */
export const policyField = z.any().transform((value, context): string | StatedPolicy => {
  const isName = typeof value !== 'object' || value === null;
  const parsed = (isName ? policyName(['auto', ...names]) : stated).safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value });
  return z.NEVER;
});

/** What the config wants a token to follow. */
export function wantedPolicy({
  policy,
}: {
  readonly policy: string | StatedPolicy;
}): RevenuePolicy | 'auto' {
  if (policy === 'auto') return 'auto';
  return typeof policy === 'string' ? policyNamed(policy) : policyLike(policy.like, policy.parts);
}
