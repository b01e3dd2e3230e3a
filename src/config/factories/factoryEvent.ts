import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { EventFragment } from 'ethers';
import { closest } from '../file/closest.js';
import { eventNamed, eventsOf } from '../mapping/abi.js';

/** An event of a factory. */
export interface FactoryEvent {
  /** As ethers parses it, e.g. `event TokenCreated(address indexed token)`. */
  readonly fragment: string;
  /** Its first topic, in lower case. */
  readonly topic: string;
}

/** What is wrong with a key of an entry. */
export interface EventProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly hint: string;
}

interface WrittenEvent {
  readonly event: string;
  readonly field: string;
  readonly factoryAbi?: string | null | undefined;
}

const SIGNATURE_HINT =
  'Write it as Solidity does, with names: `event: "event TokenCreated(address indexed token, address creator)"`.';

/**
 * Reads the event that an entry names: a signature, or the name of an event in the ABI file of the factory.
 *
 * @param folder where a relative path of the ABI file begins
 * @returns `fragment` is `null` where there is a problem
 */
export function resolveEvent(
  { event, field, factoryAbi }: WrittenEvent,
  folder: string,
): { fragment: EventFragment | null; problems: readonly EventProblem[] } {
  const problems: EventProblem[] = [];
  const fragment =
    factoryAbi == null
      ? eventWritten(event, problems)
      : eventInFile(event, resolve(folder, factoryAbi), problems);
  if (fragment === null) return { fragment, problems };
  const problem = addressFieldProblem(fragment, field);
  if (problem !== null) problems.push({ path: ['field'], ...problem });
  return { fragment, problems };
}

function eventWritten(written: string, problems: EventProblem[]): EventFragment | null {
  const text = /^\s*event\s/.test(written) ? written : `event ${written}`;
  try {
    const fragment = EventFragment.from(text.trim());
    if (!fragment.anonymous) return fragment;
  } catch {
    problems.push({
      path: ['event'],
      reason: `"${written}" is not the signature of an event`,
      hint: `${SIGNATURE_HINT} A name alone needs the ABI file: \`factoryAbi: ./factory.json\`.`,
    });
    return null;
  }
  problems.push({
    path: ['event'],
    reason: `"${written}" is anonymous: nothing distinguishes its logs from others`,
    hint: SIGNATURE_HINT,
  });
  return null;
}

function eventInFile(name: string, path: string, problems: EventProblem[]): EventFragment | null {
  const refuse = (reason: string) => {
    const hint =
      'Put the ABI of the factory there: a JSON list, or a build artifact with the key "abi".';
    problems.push({ path: ['factoryAbi'], reason: `${path} ${reason}`, hint });
    return null;
  };
  let contents: unknown;
  try {
    contents = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return refuse(`${error instanceof SyntaxError ? 'is not JSON' : 'cannot be read'} (${detail})`);
  }
  const events = eventsOf(contents);
  if (events === null) return refuse('has no ABI with events in it');
  return eventNamed(events, name, ['event'], problems);
}

/** What is wrong with a field that should hold an address, or `null`. */
export function addressFieldProblem(
  event: EventFragment,
  name: string,
): Omit<EventProblem, 'path'> | null {
  const input = event.inputs.find((one) => one.name === name);
  if (input?.type === 'address') return null;
  const shown = event.format('full').replace(/^event /, '');
  if (input !== undefined) {
    return {
      reason: `the field "${name}" of the event ${shown} is of type ${input.type}`,
      hint: 'Name a field of type address.',
    };
  }
  const names = event.inputs.map((one) => one.name).filter((one) => one !== '');
  const similar = closest(name, names);
  return {
    reason: `the event ${shown} has no field "${name}"`,
    hint: `${similar === null ? '' : `Did you mean "${similar}"? `}${
      names.length === 0 ? SIGNATURE_HINT : `Its fields: ${names.join(', ')}.`
    }`,
  };
}
