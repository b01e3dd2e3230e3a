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

/**
 * The filter of a data request; `null` if logs are not all that it takes: if some are to come with
 * their transactions, or transactions or frames with their logs.
 */
export function logFilter({ logs = [], ...others }: DataRequest): LogFilter | null {
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
  const filters = logs.map(filterOf);
  return (log) => filters.some((isWanted) => isWanted(log));
}

function filterOf({ address, topic0, topic1, topic2, topic3 }: LogRequest): LogFilter {
  const addresses = setOf(address);
  const topics = [topic0, topic1, topic2, topic3]
    .map((wanted, index) => ({ index, wanted: setOf(wanted) }))
    .flatMap(({ index, wanted }) => (wanted === null ? [] : { index, wanted }));
  return (log) =>
    (addresses?.has(log.address) ?? true) &&
    topics.every(({ index, wanted }) => wanted.has(log.topics[index] ?? ''));
}

/** `null`: all of them. */
function setOf(wanted: readonly string[] | undefined): ReadonlySet<string> | null {
  if (wanted === undefined) return null;
  return new Set(wanted.map((text) => text.toLowerCase()));
}
