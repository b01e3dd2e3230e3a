import type { EventFragment, FunctionFragment } from 'ethers';
import type { Address } from '../../address.js';
import { closest } from '../file/closest.js';
import {
  describedEvent,
  didYouMean,
  type EventFieldType,
  eventFieldProblem,
  eventNamed,
  eventsOf,
  isNamed,
  type MappingProblem,
  noEvents,
  viewsOf,
} from '../mapping/abi.js';

/** Which events of a pool move the shares of its depositors, and which views confirm them. */
export interface PoolMapping {
  readonly events: readonly PoolEvent[];
  readonly views: PoolViewNames;
  /** The only depositor, where no event ever names it; `null`: events do. */
  readonly beneficiary: Address | null;
}

export interface PoolEvent {
  /** As ethers parses it, e.g. `event Staked(address indexed user, uint256 amount)`. */
  readonly fragment: string;
  /** What one log of it is, in this order. */
  readonly movements: readonly MappedMovement[];
}

/** A movement with the names of the event's fields that hold its values. */
export type MappedMovement = {
  /** `null`: one share. */
  readonly shares: string | null;
} & (
  | { readonly kind: 'raise' | 'lower' | 'set'; readonly depositor: string }
  | { readonly kind: 'move'; readonly from: string; readonly to: string }
);

/** Views as Solidity signatures. */
export interface PoolViewNames {
  /** Shares of an account; of a pool with one owner, the view without arguments that names it. */
  readonly shares: string;
  /** `null`: no view says it. */
  readonly total: string | null;
}

/** Fields that each kind of movement is made of. */
const MOVEMENT_FIELDS = {
  raise: ['depositor', 'shares'],
  lower: ['depositor', 'shares'],
  set: ['depositor', 'shares'],
  move: ['from', 'to', 'shares'],
} as const;

export type MovementKey = keyof typeof MOVEMENT_FIELDS;
export const MOVEMENT_KEYS = Object.keys(MOVEMENT_FIELDS) as readonly MovementKey[];

type FieldKey = (typeof MOVEMENT_FIELDS)[MovementKey][number];

/** One movement of the mapping as the file has it. */
export type WrittenMovement = { readonly event: string } & {
  readonly [Key in FieldKey]?: string | null | undefined;
};

export type WrittenPoolMapping = {
  readonly [Key in MovementKey]?: WrittenMovement | WrittenMovement[] | undefined;
} & { readonly sharesView: string; readonly totalView: string };

/**
 * Checks a mapping against the ABI that it speaks of. All problems are found at once.
 *
 * @param abi the contents of the ABI file, already parsed as JSON.
 */
export function resolvePoolMapping(
  abi: unknown,
  mapping: WrittenPoolMapping,
): { pool: PoolMapping; problems: readonly MappingProblem[] } {
  const problems: MappingProblem[] = [];
  const views = {
    shares: viewNamed(abi, mapping.sharesView, 'sharesView', problems),
    total: viewNamed(abi, mapping.totalView, 'totalView', problems),
  };
  const events = eventsOf(abi);
  if (events === null) {
    return { pool: { events: [], views, beneficiary: null }, problems: [noEvents('pool')] };
  }
  const found = new Map<string, MappedMovement[]>();
  for (const { key, path, written } of movementsOf(mapping)) {
    const event = eventNamed(events, written.event, [...path, 'event'], problems);
    if (event === null) continue;
    const movement = movementOf(event, key, written, path, problems);
    const fragment = event.format('full');
    found.set(fragment, [...(found.get(fragment) ?? []), movement]);
  }
  if (found.size === 0 && problems.length === 0) {
    const hint = `Write at least one of: ${MOVEMENT_KEYS.join(', ')}.`;
    problems.push({ path: ['mapping'], reason: 'names no event', hint });
  }
  const mapped = [...found].map(([fragment, movements]) => ({ fragment, movements }));
  return { pool: { events: mapped, views, beneficiary: null }, problems };
}

function* movementsOf(mapping: WrittenPoolMapping) {
  for (const key of MOVEMENT_KEYS) {
    const value = mapping[key] ?? [];
    if (!Array.isArray(value)) yield { key, path: ['mapping', key], written: value };
    else {
      for (const [index, written] of value.entries()) {
        yield { key, path: ['mapping', key, index], written };
      }
    }
  }
}

function movementOf(
  event: EventFragment,
  key: MovementKey,
  written: WrittenMovement,
  path: readonly PropertyKey[],
  problems: MappingProblem[],
): MappedMovement {
  const needed: readonly FieldKey[] = MOVEMENT_FIELDS[key];
  const fieldOf = (field: FieldKey, type: EventFieldType): string => {
    const name = written[field] ?? null;
    const problem =
      name === null
        ? {
            reason: 'is missing',
            hint: `Name the field of ${describedEvent(event)} that holds it.`,
          }
        : eventFieldProblem(event, name, type);
    if (problem !== null) problems.push({ path: [...path, field], ...problem });
    return name ?? '';
  };
  for (const field of ['depositor', 'from', 'to'] as const) {
    if (needed.includes(field) || written[field] == null) continue;
    const hint = `Leave it out; a ${key} is made of: ${needed.join(', ')}.`;
    problems.push({ path: [...path, field], reason: `a ${key} has no ${field}`, hint });
  }
  const shares = fieldOf('shares', 'uint');
  return key === 'move'
    ? { kind: key, from: fieldOf('from', 'address'), to: fieldOf('to', 'address'), shares }
    : { kind: key, depositor: fieldOf('depositor', 'address'), shares };
}

/** The signature of a view that says one number, of an account for `sharesView`. */
function viewNamed(
  abi: unknown,
  name: string,
  key: 'sharesView' | 'totalView',
  problems: MappingProblem[],
): string {
  const views = viewsOf(abi).filter((view) => isNumberView(view, key === 'sharesView'));
  const view = views.find((candidate) => isNamed(candidate, name));
  if (view !== undefined) return view.format('sighash');
  const signatures = views.map((one) => one.format('sighash'));
  const wanted = key === 'sharesView' ? 'takes an address and' : 'takes nothing and';
  problems.push({
    path: ['mapping', key],
    reason: `the ABI has no view "${name}" that ${wanted} returns one uint`,
    hint:
      didYouMean(closest(name, [...views.map((one) => one.name), ...signatures])) +
      (signatures.length === 0
        ? 'The ABI has no such view.'
        : `Views of this shape: ${signatures.join(', ')}.`),
  });
  return name;
}

function isNumberView({ inputs, outputs }: FunctionFragment, isOfAccount: boolean): boolean {
  const takes = inputs.map(({ type }) => type).join();
  const returns = outputs.map(({ type }) => type).join();
  return takes === (isOfAccount ? 'address' : '') && /^uint\d*$/.test(returns);
}
