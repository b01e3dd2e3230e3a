import { events } from '../../abi/aiOracle.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import { oracleLog } from '../oracle/logs.js';
import type { LogEntry } from '../reading/tree/frames.js';

/** What an AI oracle was asked to write into a collection. */
export interface LoggedRequest {
  readonly oracle: Address;
  readonly requestId: bigint;
  readonly modelId: bigint;
  readonly account: Address;
  /** The contract that gets the result. */
  readonly callbackContract: Address;
  /** What the model was asked, as hex. */
  readonly input: string;
}

/** `AICallbackRequest` in all of its generations (docs/domain.md#ai-oracles). */
export const REQUEST_TOPICS: readonly string[] = Object.values(events)
  .filter(({ signature }) => signature.startsWith('AICallbackRequest('))
  .map(({ topic }) => topic);

/** Reads a request of any generation; `null` for a log that is none, or only looks like one. */
export function readRequestLog(log: LogEntry): LoggedRequest | null {
  if (!REQUEST_TOPICS.includes(log.topics[0] ?? '')) return null;
  const read = readable(log);
  if (read?.kind !== 'request') return null;
  const { account, requestId, modelId, callbackContract, input } = read;
  return {
    oracle: log.address as Address,
    requestId,
    modelId,
    account,
    callbackContract,
    input,
  };
}

/** Anybody can write a log with this topic; one that cannot be read is nobody's request. */
function readable(log: LogEntry) {
  try {
    return oracleLog(log);
  } catch (error) {
    if (error instanceof ImoError) return null;
    throw error;
  }
}
