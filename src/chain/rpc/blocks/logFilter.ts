import type {
  DataRequest,
  LogRequest,
} from '@subsquid/evm-processor/lib/interfaces/data-request.js';

/** What a filter looks at, in lower case. */
interface FilteredLog {
  readonly address: string;
  readonly topics: readonly string[];
}

/** Whether a log was asked for. */
export type LogFilter = (log: FilteredLog) => boolean;

const filters = new WeakMap<DataRequest, { readonly filter: LogFilter | null }>();

/**
 * The filter of a data request; `null` if logs are not all that it takes: if some are to come with
 * their transactions, or transactions or frames with their logs.
 */
export function logFilter(request: DataRequest): LogFilter | null {
  const known = filters.get(request);
  if (known !== undefined) return known.filter;
  const filter = newFilter(request);
  filters.set(request, { filter });
  return filter;
}

function newFilter({ logs = [], ...others }: DataRequest): LogFilter | null {
  const isJoined =
    logs.some(
      (log) =>
        log.transaction ||
        log.transactionLogs ||
        log.transactionTraces ||
        log.transactionStateDiffs,
    ) ||
    others.transactions?.some((transaction) => transaction.logs) ||
    others.traces?.some((trace) => trace.transactionLogs);
  if (isJoined) return null;
  return byAddress(logs);
}

/** Tries only the requests that name the address of a log, and those that name none. */
function byAddress(logs: readonly LogRequest[]): LogFilter {
  const anywhere: LogFilter[] = [];
  const ofAddress = new Map<string, LogFilter[]>();
  for (const request of logs) {
    const isWanted = topicFilter(request);
    if (request.address === undefined) anywhere.push(isWanted);
    for (const address of setOf(request.address) ?? []) {
      const known = ofAddress.get(address);
      if (known === undefined) ofAddress.set(address, [isWanted]);
      else known.push(isWanted);
    }
  }
  return (log) =>
    (ofAddress.get(log.address)?.some((isWanted) => isWanted(log)) ?? false) ||
    anywhere.some((isWanted) => isWanted(log));
}

function topicFilter({ topic0, topic1, topic2, topic3 }: LogRequest): LogFilter {
  const topics = [topic0, topic1, topic2, topic3]
    .map((wanted, index) => ({ index, wanted: setOf(wanted) }))
    .flatMap(({ index, wanted }) => (wanted === null ? [] : { index, wanted }));
  return (log) => topics.every(({ index, wanted }) => wanted.has(log.topics[index] ?? ''));
}

/** `null`: all of them. */
function setOf(wanted: readonly string[] | undefined): ReadonlySet<string> | null {
  if (wanted === undefined) return null;
  return new Set(wanted.map((text) => text.toLowerCase()));
}
