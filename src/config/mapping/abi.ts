import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EventFragment, Fragment, FunctionFragment, Interface } from 'ethers';
import { z } from 'zod';
import { closest } from '../file/closest.js';

/** Something wrong with a mapping, at a path below the contract that it describes. */
export interface MappingProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly hint: string;
}

/** @param contract what the ABI is of */
export function noEvents(contract: string): MappingProblem {
  return {
    path: ['abi'],
    reason: 'the file has no ABI with events in it',
    hint: `Put the ABI of the ${contract} there: a JSON list, or a build artifact with the key "abi".`,
  };
}

/**
 * The contents of an ABI, or why there are none.
 *
 * @param written the path of a file, or the signatures themselves: `event Deposit(address indexed user, uint256 amount)`
 * @param folder where a relative path begins
 */
export function readAbi(
  written: string | readonly string[],
  folder: string,
): { contents: unknown; problem: string | null } {
  if (typeof written !== 'string') return signaturesOf(written);
  const path = resolve(folder, written);
  try {
    return { contents: JSON.parse(readFileSync(path, 'utf8')), problem: null };
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'is not JSON' : 'cannot be read';
    const detail = error instanceof Error ? error.message : String(error);
    return { contents: null, problem: `${path} ${reason} (${detail})` };
  }
}

function signaturesOf(written: readonly string[]): { contents: unknown; problem: string | null } {
  const fragments: unknown[] = [];
  for (const signature of written) {
    try {
      fragments.push(JSON.parse(Fragment.from(signature).format('json')));
    } catch {
      const problem = `"${signature}" is not the signature of an event or a function`;
      return { contents: null, problem };
    }
  }
  return { contents: fragments, problem: null };
}

/** What `abi` of an entry may be. */
export const abiField = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** The events of an ABI; `null` where it has none. */
export function eventsOf(abi: unknown): readonly EventFragment[] | null {
  const events = fragmentsOf(abi).filter((fragment) => EventFragment.isFragment(fragment));
  return events.length > 0 ? events : null;
}

/** The functions of an ABI that only read. */
export function viewsOf(abi: unknown): readonly FunctionFragment[] {
  return fragmentsOf(abi)
    .filter((fragment) => FunctionFragment.isFragment(fragment))
    .filter(({ constant }) => constant);
}

function fragmentsOf(abi: unknown): readonly Fragment[] {
  const list = Array.isArray(abi) ? abi : (abi as { abi?: unknown } | null)?.abi;
  if (!Array.isArray(list)) return [];
  try {
    return new Interface(list).fragments;
  } catch {
    return [];
  }
}

/** The event of a name or a signature; `null` with a problem where it is not exactly one. */
export function eventNamed(
  events: readonly EventFragment[],
  name: string,
  path: readonly PropertyKey[],
  problems: MappingProblem[],
): EventFragment | null {
  const matching = events.filter((event) => isNamed(event, name));
  const [event] = matching;
  if (event !== undefined && matching.length === 1 && !event.anonymous) return event;
  const signatures = events.map((one) => one.format('sighash'));
  if (matching.length > 1) {
    problems.push({
      path,
      reason: `the ABI has ${matching.length} events "${name}"`,
      hint: `Write one with its types: ${matching.map((one) => one.format('sighash')).join(', ')}.`,
    });
  } else {
    const similar = closest(name, [...events.map((one) => one.name), ...signatures]);
    problems.push({
      path,
      reason: `the ABI has no event "${name}"${event?.anonymous ? ' with a topic: it is anonymous' : ''}`,
      hint: `${didYouMean(similar)}Its events: ${signatures.join(', ')}.`,
    });
  }
  return null;
}

/** Whether a fragment has the name, or the signature with or without spaces. */
export function isNamed(fragment: EventFragment | FunctionFragment, name: string): boolean {
  return fragment.name === name || fragment.format('sighash') === name.replaceAll(' ', '');
}

/** What a field of an event must hold. */
export type EventFieldType = 'address' | 'uint';

/** What is wrong with the name of a field of an event, or `null`. */
export function eventFieldProblem(
  event: EventFragment,
  name: string,
  wanted: EventFieldType,
): Omit<MappingProblem, 'path'> | null {
  const input = event.inputs.find((one) => one.name === name);
  if (input === undefined) {
    const names = event.inputs.map((one) => one.name);
    return {
      reason: `${describedEvent(event)} has no field "${name}"`,
      hint: `${didYouMean(closest(name, names))}Its fields: ${names.join(', ')}.`,
    };
  }
  if (isOfType(input.type, wanted)) return null;
  return {
    reason: `the field "${name}" of ${describedEvent(event)} is of type ${input.type}`,
    hint: wanted === 'address' ? 'Name a field of type address.' : 'Name a field of type uint….',
  };
}

function isOfType(type: string, wanted: EventFieldType): boolean {
  return wanted === 'address' ? type === 'address' : /^uint\d*$/.test(type);
}

export function describedEvent(event: EventFragment): string {
  return `the event ${event.format('full').replace(/^event /, '')}`;
}

/** The start of a hint; empty where nothing is similar. */
export function didYouMean(similar: string | null): string {
  return similar === null ? '' : `Did you mean "${similar}"? `;
}
