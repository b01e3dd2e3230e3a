import { ImoError } from '../../errors.js';
import type { TransactionRecord } from '../reading/tree/frames.js';
import { type CallFrame, inOrderOfEnd } from './callFrames.js';
import type { RequestLog, ResultLog } from './logs.js';

/**
 * Finds the log of each request. A request writes its log, or the second and the newest one
 * next to each other, at its end. So the k-th log belongs to the k-th request to end
 * (docs/domain.md#order).
 *
 * @throws ImoError `CHAIN_UNPAIRED_LOG` if logs and calls do not agree.
 */
export function pairRequests(
  record: TransactionRecord,
  calls: readonly CallFrame[],
  logs: readonly RequestLog[],
): ReadonlyMap<CallFrame, RequestLog> {
  const requests = inOrderOfEnd(calls.filter(({ call }) => call?.kind === 'request'));
  const besides = logs.filter((log, index) => isBeside(logs[index - 1], log));
  const one = logs.length === requests.length ? logs : logs.filter((log) => !besides.includes(log));
  const pairs = new Map<CallFrame, RequestLog>();
  requests.forEach((request, index) => {
    const log = one[index];
    if (log !== undefined && isLogOf(request, log)) pairs.set(request, log);
  });
  if (pairs.size !== requests.length || pairs.size !== one.length) {
    throw new ImoError(
      'CHAIN_UNPAIRED_LOG',
      `transaction ${record.transactionHash} has ${logs.length} request logs of an AI oracle that do not fit its ${requests.length} requests`,
      'This oracle has an unknown request function. Remove the oracle from the config.',
    );
  }
  return pairs;
}

/** Finds the call that wrote each result, `null` for a function that we do not know. */
export function pairResults(
  calls: readonly CallFrame[],
  logs: readonly ResultLog[],
): ReadonlyMap<ResultLog, CallFrame | null> {
  const waiting = inOrderOfEnd(calls.filter(({ call }) => call?.kind === 'result'));
  return new Map(
    logs.map((log) => {
      const index = waiting.findIndex(
        ({ call }) => call?.kind === 'result' && call.requestId === log.requestId,
      );
      return [log, index === -1 ? null : (waiting.splice(index, 1)[0] ?? null)];
    }),
  );
}

/** Whether `log` is the newest one, together with the second for the same request. */
function isBeside(before: RequestLog | undefined, log: RequestLog): boolean {
  return (
    before?.generation === 'second' &&
    log.generation === 'newest' &&
    before.requestId === log.requestId &&
    before.account === log.account &&
    before.modelId === log.modelId &&
    before.input === log.input &&
    before.callbackContract === log.callbackContract &&
    before.gasLimit === log.gasLimit
  );
}

function isLogOf({ call, context }: CallFrame, log: RequestLog): boolean {
  return (
    call?.kind === 'request' &&
    log.account === context.from &&
    log.modelId === call.modelId &&
    log.input === call.input &&
    log.callbackContract === call.callbackContract &&
    log.gasLimit === call.gasLimit
  );
}
