import { z } from 'zod';
import type { Address } from '../../address.js';
import { POOL_KINDS, type PoolKind } from '../../ledger/pools/poolKinds.js';
import { closest } from '../file/closest.js';
import { addressField, refuseAt } from '../file/fields.js';
import { abiField, didYouMean, readAbi } from '../mapping/abi.js';
import { oneOrList } from '../mapping/oneOrList.js';
import {
  MOVEMENT_KEYS,
  type PoolMapping,
  resolvePoolMapping,
  type WrittenPoolMapping,
} from './poolMapping.js';
import { POOL_PRESETS, type PoolPreset } from './presets.js';

/** A pool that is looked through. */
export interface PoolConfig {
  readonly address: Address;
  readonly kind: PoolKind;
  /** What it holds: a revenue token, or another pool; `null`: what an ERC-4626 vault says. */
  readonly token: Address | null;
  readonly startBlock: number | null;
  readonly label: string | null;
  /** What the events of a `custom` pool mean; `null` for the other kinds. */
  readonly custom: PoolMapping | null;
}

/** A pool as its entry says it, before it is compared with the chain that it stands under. */
export type WrittenPool = PoolConfig & { readonly preset: PoolPreset | null };

/** Keys below `lookThrough`, by the keys that they stand under. */
export const POOL_KEYS: Readonly<Record<string, readonly string[]>> = {
  lookThrough: ['preset', 'address', 'kind', 'token', 'startBlock', 'label', 'abi', 'mapping'],
  'lookThrough.mapping': [...MOVEMENT_KEYS, 'sharesView', 'totalView'],
  raise: ['event', 'depositor', 'shares'],
  lower: ['event', 'depositor', 'shares'],
  set: ['event', 'depositor', 'shares'],
  move: ['event', 'from', 'to', 'shares'],
};

const EXAMPLE_MOVEMENT = 'e.g. `raise: {event: Staked, depositor: user, shares: amount}`';

export const POOL_KEY_HINTS: Readonly<Record<string, string>> = {
  lookThrough:
    'Write `lookThrough:` and below it a list with one entry per pool: `- address: 0x…`, `  kind: erc4626`.',
  preset: `Write the name of a known pool: ${Object.keys(POOL_PRESETS).join(', ')}.`,
  'lookThrough.kind': `Write \`kind:\` and one of ${POOL_KINDS.join(', ')}.`,
  'lookThrough.token':
    'Write the address of the revenue token that the pool holds, or of the pool whose shares it holds.',
  'lookThrough.label': 'Write a name for people, e.g. `label: staking pool`, or leave it out.',
  'lookThrough.abi':
    'Write the path of the ABI file, from the folder of this file: `abi: ./pool.json`; or a list of signatures.',
  'lookThrough.mapping': `Say what the events mean, ${EXAMPLE_MOVEMENT}.`,
  sharesView: 'Write the view that says the shares of an account, e.g. `sharesView: stakedOf`.',
  totalView: 'Write the view that says the shares of all, e.g. `totalView: totalStaked`.',
  ...Object.fromEntries(
    MOVEMENT_KEYS.map((key) => [
      key,
      `Say which event it is and name its fields, ${EXAMPLE_MOVEMENT}.`,
    ]),
  ),
};

const text = z.string().min(1);
const field = text.nullish();
const movement = oneOrList(
  z.strictObject({
    event: text,
    depositor: field,
    from: field,
    to: field,
    shares: field,
  }),
).optional();

const mapping = z.strictObject({
  raise: movement,
  lower: movement,
  set: movement,
  move: movement,
  sharesView: text,
  totalView: text,
}) satisfies z.ZodType<WrittenPoolMapping>;

const kind = z.string().transform((name, context): PoolKind => {
  const known = POOL_KINDS.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  refuseAt(context, [], {
    reason: `"${name}" is not a kind of pool`,
    hint: `${didYouMean(closest(name, POOL_KINDS))}Known kinds: ${POOL_KINDS.join(', ')}.`,
  });
  return z.NEVER;
});

/**
 * An entry of `lookThrough`. The ABI of a custom pool is read and its mapping checked against it, so
 * that every mistake is reported with its path before anything is indexed.
 *
 * @param folder where relative paths of ABI files begin: that of the config file.
 * @param block the schema of a block number.
 */
export function poolField(folder: string, block: z.ZodType<number | null | undefined>) {
  return z
    .strictObject({
      preset: text.nullish(),
      address: addressField.nullish(),
      kind: kind.nullish(),
      token: addressField.nullish(),
      startBlock: block,
      label: text.nullish(),
      abi: abiField.nullish(),
      mapping: mapping.nullish(),
    })
    .transform((pool, context): WrittenPool => {
      const preset = presetOf(pool.preset ?? null, context);
      if (preset !== null) refuseOverrides(pool, context);
      else if (pool.preset == null) refuseMissing(pool, context);
      const known = { ...pool, ...preset };
      return {
        preset,
        // Missing ones are refused above.
        address: known.address ?? '0x',
        kind: known.kind ?? 'shares',
        token: known.token ?? null,
        startBlock: pool.startBlock ?? null,
        label: pool.label ?? preset?.label ?? null,
        custom: preset === null ? customOf(pool, folder, context) : null,
      };
    });
}

type Context = z.core.$RefinementCtx;

function presetOf(name: string | null, context: Context): PoolPreset | null {
  if (name === null) return null;
  const preset = POOL_PRESETS[name];
  if (preset !== undefined) return preset;
  const names = Object.keys(POOL_PRESETS);
  refuseAt(context, ['preset'], {
    reason: `"${name}" is not a known pool`,
    hint: `${didYouMean(closest(name, names))}Known pools: ${names.join(', ')}. Describe others by \`address\` and \`kind\`.`,
  });
  return null;
}

function refuseOverrides(pool: Readonly<Record<string, unknown>>, context: Context): void {
  for (const key of ['address', 'kind', 'token', 'abi', 'mapping']) {
    if (pool[key] == null) continue;
    refuseAt(context, [key], {
      reason: 'a preset already says it',
      hint: 'Leave it out, or leave out `preset` and describe the pool.',
    });
  }
}

function refuseMissing(pool: Readonly<Record<string, unknown>>, context: Context): void {
  for (const key of ['address', 'kind']) {
    if (pool[key] != null) continue;
    const hint = POOL_KEY_HINTS[`lookThrough.${key}`] ?? 'Write the address of the pool.';
    refuseAt(context, [key], { reason: 'is missing', hint });
  }
}

function customOf(
  pool: {
    kind?: PoolKind | null | undefined;
    abi?: string | readonly string[] | null | undefined;
    mapping?: WrittenPoolMapping | null | undefined;
  },
  folder: string,
  context: Context,
): PoolMapping | null {
  const isCustom = pool.kind === 'custom';
  for (const key of ['abi', 'mapping'] as const) {
    if ((pool[key] == null) !== isCustom) continue;
    refuseAt(context, [key], {
      reason: isCustom ? 'is missing' : `a pool of kind ${pool.kind} has none`,
      hint: isCustom
        ? (POOL_KEY_HINTS[`lookThrough.${key}`] ?? '')
        : 'Leave it out, or write `kind: custom`.',
    });
  }
  if (!isCustom || pool.abi == null || pool.mapping == null) return null;
  // zod continues after an unknown key: the mapping is read only if its shape is right.
  if (context.issues.length > 0) return null;
  const abi = readAbi(pool.abi, folder);
  if (abi.problem !== null) {
    const hint = POOL_KEY_HINTS['lookThrough.abi'] ?? '';
    refuseAt(context, ['abi'], { reason: abi.problem, hint });
    return null;
  }
  const resolved = resolvePoolMapping(abi.contents, pool.mapping);
  for (const { path, ...problem } of resolved.problems) refuseAt(context, path, problem);
  return resolved.pool;
}
