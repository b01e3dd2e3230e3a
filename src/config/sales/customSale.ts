import type { EventFragment } from 'ethers';
import type { SaleEntryKind } from '../../ledger/sales/sale.js';
import { eventNamed, eventsOf, type MappingProblem, noEvents } from '../mapping/abi.js';
import { type FieldKey, fieldProblem } from './mappingField.js';
import { MAPPING_KINDS, type MappingKey } from './mappingKinds.js';

/** A sale that imo.yaml describes: what its events mean. */
export interface CustomSale {
  readonly events: readonly CustomEvent[];
}

export interface CustomEvent {
  /** As ethers parses it, e.g. `event Deposit(address indexed user, uint256 amount)`. */
  readonly fragment: string;
  /** What one log of it is, in this order. */
  readonly entries: readonly CustomEntry[];
}

/** A canonical entry with the names of the event's fields that hold its values. */
export interface CustomEntry {
  readonly kind: SaleEntryKind;
  readonly participant: string | null;
  readonly caller: string | null;
  readonly raiseAmount: string | null;
  readonly tokenAmount: string | null;
}

/** One entry of the mapping as the file has it. */
export interface WrittenEntry {
  readonly event: string;
  readonly participant?: string | null;
  readonly caller?: string | null;
  readonly raiseAmount?: string | null;
  readonly tokenAmount?: string | null;
}

export type WrittenMapping = Partial<
  Record<MappingKey, WrittenEntry | readonly WrittenEntry[] | null>
>;

/**
 * Checks a mapping against the ABI that it speaks of. All problems are found at once.
 *
 * @param abi the contents of the ABI file, already parsed as JSON.
 */
export function resolveMapping(
  abi: unknown,
  mapping: WrittenMapping,
): { sale: CustomSale; problems: readonly MappingProblem[] } {
  const events = eventsOf(abi);
  if (events === null) return { sale: { events: [] }, problems: [noEvents('sale')] };
  const problems: MappingProblem[] = [];
  const found = new Map<string, CustomEntry[]>();
  for (const { key, path, written } of entriesOf(mapping)) {
    const event = eventNamed(events, written.event, [...path, 'event'], problems);
    if (event === null) continue;
    const entry = entryOf(event, key, written, path, problems);
    const fragment = event.format('full');
    found.set(fragment, [...(found.get(fragment) ?? []), entry]);
  }
  if (found.size === 0 && problems.length === 0) problems.push(EMPTY_MAPPING);
  const sale = { events: [...found].map(([fragment, entries]) => ({ fragment, entries })) };
  return { sale, problems };
}

const EMPTY_MAPPING: MappingProblem = {
  path: ['mapping'],
  reason: 'names no event',
  hint: `Write at least one of: ${Object.keys(MAPPING_KINDS).join(', ')}.`,
};

function* entriesOf(mapping: WrittenMapping) {
  for (const key of Object.keys(MAPPING_KINDS) as MappingKey[]) {
    const value = mapping[key] ?? [];
    if (!isList(value)) yield { key, path: ['mapping', key], written: value };
    else {
      for (const [index, written] of value.entries()) {
        yield { key, path: ['mapping', key, index], written };
      }
    }
  }
}

function isList(value: WrittenEntry | readonly WrittenEntry[]): value is readonly WrittenEntry[] {
  return Array.isArray(value);
}

function entryOf(
  event: EventFragment,
  key: MappingKey,
  written: WrittenEntry,
  path: readonly PropertyKey[],
  problems: MappingProblem[],
): CustomEntry {
  const fieldOf = (field: FieldKey): string | null => {
    const name = written[field] ?? null;
    const problem = fieldProblem(event, key, field, name);
    if (problem !== null) problems.push({ path: [...path, field], ...problem });
    return name;
  };
  return {
    kind: MAPPING_KINDS[key],
    participant: fieldOf('participant'),
    caller: fieldOf('caller'),
    raiseAmount: fieldOf('raiseAmount'),
    tokenAmount: fieldOf('tokenAmount'),
  };
}
