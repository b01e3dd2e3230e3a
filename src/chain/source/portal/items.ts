import type {
  LogRequest,
  TraceRequest,
} from '@subsquid/evm-processor/lib/interfaces/data-request.js';
import type { Wanted } from '../finders/finder.js';

/** One item of a request to SQD: every list must match, and an item without lists matches all. */
export type SqdItem = Readonly<Record<string, readonly string[]>>;

/** The items of one request. */
export interface SqdItems {
  readonly logs: readonly SqdItem[];
  readonly traces: readonly SqdItem[];
}

/** What the Portal's description allows in one request. */
const ITEMS_AT_MOST = 100;
/** 256 KiB less what stands around the items. */
const ITEM_BYTES_AT_MOST = 240 * 1024;

const LOG_LISTS = ['address', 'topic0', 'topic1', 'topic2', 'topic3'] as const;
const TRACE_LISTS = [
  'type',
  'createFrom',
  'callTo',
  'callFrom',
  'callSighash',
  'suicideRefundAddress',
  'rewardAuthor',
] as const;

/**
 * What is wanted, as few items as possible, in as few requests as the limits of the Portal allow.
 * Items that differ in one list only become one item with both lists: this widens nothing.
 *
 * @returns no request where nothing is wanted
 */
export function sqdRequests(wanted: Wanted): SqdItems[] {
  const logs = merged(wanted.logs.map((request) => listsOf(request, LOG_LISTS)));
  const traces = merged(wanted.traces.map((request) => listsOf(request, TRACE_LISTS)));
  const all = [
    ...logs.map((item) => ({ kind: 'logs' as const, item })),
    ...traces.map((item) => ({ kind: 'traces' as const, item })),
  ].flatMap(({ kind, item }) => split(item).map((part) => ({ kind, item: part })));
  const requests: { logs: SqdItem[]; traces: SqdItem[] }[] = [];
  let [count, bytes] = [ITEMS_AT_MOST, 0];
  for (const { kind, item } of all) {
    const size = sizeOf(item);
    if (count >= ITEMS_AT_MOST || bytes + size > ITEM_BYTES_AT_MOST) {
      requests.push({ logs: [], traces: [] });
      [count, bytes] = [0, 0];
    }
    requests.at(-1)?.[kind].push(item);
    count++;
    bytes += size;
  }
  return requests;
}

/** The lists of a request, in lower case; `null` where an empty list matches nothing. */
function listsOf(
  request: LogRequest | TraceRequest,
  names: readonly string[],
): Record<string, readonly string[]> | null {
  const lists: Record<string, readonly string[]> = {};
  for (const [name, value] of Object.entries(request)) {
    if (!names.includes(name) || !Array.isArray(value)) continue;
    if (value.length === 0) return null;
    lists[name] = [...new Set(value.map((text) => String(text).toLowerCase()))].sort();
  }
  return lists;
}

function merged(items: readonly (SqdItem | null)[]): SqdItem[] {
  let left = items.filter((item) => item !== null);
  for (const name of [...LOG_LISTS, ...TRACE_LISTS]) left = mergedBy(left, name);
  return left;
}

/** Joins the items that have the same lists except for this one. */
function mergedBy(items: readonly SqdItem[], name: string): SqdItem[] {
  const groups = new Map<string, { rest: SqdItem; values: Set<string> | null }>();
  for (const item of items) {
    const { [name]: own, ...rest } = item;
    const key = JSON.stringify([own === undefined, Object.entries(rest).sort()]);
    const group = groups.get(key) ?? { rest, values: own === undefined ? null : new Set<string>() };
    for (const value of own ?? []) group.values?.add(value);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ rest, values }) =>
    values === null ? rest : { ...rest, [name]: [...values].sort() },
  );
}

/** Parts of an item that is too large for one request, by halves of its longest list. */
function split(item: SqdItem): SqdItem[] {
  if (sizeOf(item) <= ITEM_BYTES_AT_MOST) return [item];
  const [name, values] = Object.entries(item).reduce((a, b) => (b[1].length > a[1].length ? b : a));
  const middle = Math.ceil(values.length / 2);
  return [values.slice(0, middle), values.slice(middle)].flatMap((half) =>
    split({ ...item, [name]: half }),
  );
}

/** Bytes of an item in a request; the texts are ASCII. */
function sizeOf(item: SqdItem): number {
  return JSON.stringify(item).length + 24;
}
