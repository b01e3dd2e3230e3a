import type {
  DataRequest,
  LogRequest,
} from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { Wanted } from './finders/finder.js';

/** A question about logs, as `eth_getLogs` takes it, without its range. */
export interface LogQuery {
  readonly address?: readonly string[];
  readonly topics: readonly (readonly string[] | null)[];
}

const TOPICS = ['topic0', 'topic1', 'topic2', 'topic3'] as const;
/** Addresses in one question; providers refuse longer lists. */
const ADDRESSES_AT_ONCE = 100;

/** What a data request of the processor searches blocks for. */
export function wantedOf({ logs = [], traces = [] }: DataRequest): Wanted {
  return { logs, traces };
}

/**
 * Few questions whose answers together hold every wanted log, and maybe more: requests that
 * restrict the same fields become one question.
 */
export function logQueries({ logs }: Wanted): LogQuery[] {
  const groups = new Map<string, LogRequest[]>();
  for (const request of logs) {
    const restricted = ['address' as const, ...TOPICS].filter((field) =>
      isRestricted(request, field),
    );
    const key = restricted.join();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [request]);
    else group.push(request);
  }
  return [...groups.values()].flatMap(mergedQueries);
}

function mergedQueries(requests: readonly LogRequest[]): LogQuery[] {
  const topics: (readonly string[] | null)[] = TOPICS.map((field) => union(requests, field));
  while (topics.length > 0 && topics.at(-1) === null) topics.pop();
  const addresses = union(requests, 'address');
  if (addresses === null) return [{ topics }];
  return chunks(addresses, ADDRESSES_AT_ONCE).map((address) => ({ address, topics }));
}

/** The addresses whose call frames are wanted, in lower case. */
export function tracedAddresses({ traces }: Wanted): string[] {
  const addresses = traces.flatMap(({ callTo, callFrom, suicideRefundAddress }) => [
    ...(callTo ?? []),
    ...(callFrom ?? []),
    ...(suicideRefundAddress ?? []),
  ]);
  return [...new Set(addresses.map((address) => address.toLowerCase()))];
}

const traced = new WeakMap<DataRequest, ReadonlySet<string>>();

/** The same of a data request, as a set that is made once. */
export function tracedIn(request: DataRequest): ReadonlySet<string> {
  const known = traced.get(request) ?? new Set(tracedAddresses(wantedOf(request)));
  traced.set(request, known);
  return known;
}

/** The addresses of which logs are wanted and call frames are not, in lower case. */
export function loggedAddresses(wanted: Wanted): string[] {
  const traced = new Set(tracedAddresses(wanted));
  const addresses = wanted.logs.flatMap(({ address = [] }) => address);
  return [...new Set(addresses.map((address) => address.toLowerCase()))].filter(
    (address) => !traced.has(address),
  );
}

/** Whether frames are wanted that no address restricts, so that every block is to be read. */
export function wantsEveryBlock({ traces }: Wanted): boolean {
  return traces.some(({ callTo, callFrom, createFrom, suicideRefundAddress, rewardAuthor }) =>
    [callTo, callFrom, createFrom, suicideRefundAddress, rewardAuthor].every(
      (list) => list === undefined,
    ),
  );
}

function isRestricted(request: LogRequest, field: 'address' | (typeof TOPICS)[number]): boolean {
  return request[field] !== undefined;
}

/** `null`: not restricted. */
function union(
  requests: readonly LogRequest[],
  field: 'address' | (typeof TOPICS)[number],
): string[] | null {
  if (requests.some((request) => !isRestricted(request, field))) return null;
  const all = requests.flatMap((request) => request[field] ?? []);
  return [...new Set(all.map((value) => value.toLowerCase()))];
}

export function chunks<T>(list: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let start = 0; start < list.length; start += size)
    parts.push(list.slice(start, start + size));
  return parts;
}
