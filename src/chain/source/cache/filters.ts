import { createHash } from 'node:crypto';
import type { Wanted } from '../finders/finder.js';

/** One thing that a range is searched for: the smallest part of what is wanted. */
export interface Filter {
  /** The same for the same thing, whatever else is wanted. */
  readonly key: string;
  /** The contract that it is for, or `blocks`. */
  readonly subject: string;
  readonly wanted: Wanted;
}

/** Lists that name contracts: each contract has a filter of its own. */
const NAMING = [
  'address',
  'callTo',
  'callFrom',
  'suicideRefundAddress',
  'createFrom',
  'topic2',
] as const;

/** What is wanted, in parts that stay the same when another contract is added. */
export function filtersOf(wanted: Wanted): Filter[] {
  const filters = [
    ...wanted.logs.flatMap((request) =>
      partsOf(request).map(({ part, subject }) => filter({ logs: [part], traces: [] }, subject)),
    ),
    ...wanted.traces.flatMap((request) =>
      partsOf(request).map(({ part, subject }) => filter({ logs: [], traces: [part] }, subject)),
    ),
  ];
  return [...new Map(filters.map((one) => [one.key, one])).values()];
}

/** Puts filters together again. */
export function wantedOfFilters(filters: readonly Filter[]): Wanted {
  return {
    logs: filters.flatMap(({ wanted }) => wanted.logs),
    traces: filters.flatMap(({ wanted }) => wanted.traces),
  };
}

function partsOf<T extends object>(request: T): { readonly part: T; readonly subject: string }[] {
  const lists = new Map<string, unknown>(Object.entries(request));
  const name = NAMING.find((one) => Array.isArray(lists.get(one)));
  const values = name === undefined ? null : lists.get(name);
  if (name === undefined || !Array.isArray(values)) return [{ part: request, subject: 'blocks' }];
  return values.map((value: unknown) => ({
    part: { ...request, [name]: [value] },
    subject: `0x${String(value).toLowerCase().slice(-40)}`,
  }));
}

function filter(wanted: Wanted, subject: string): Filter {
  const [request = {}] = [...wanted.logs, ...wanted.traces];
  const lists = Object.entries(request)
    .filter(([, value]) => Array.isArray(value))
    .map(([name, value]) => [name, [...value].map((one) => String(one).toLowerCase()).sort()])
    .sort();
  const text = JSON.stringify([wanted.logs.length > 0 ? 'logs' : 'traces', lists]);
  const key = createHash('sha256').update(text).digest('base64url').slice(0, 16);
  return { key, subject, wanted };
}
