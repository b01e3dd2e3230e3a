import * as batch from '../../abi/aigcRequestBatch.js';
import * as first from '../../abi/aigcRequestFirst.js';
import * as firstIndexed from '../../abi/aigcRequestFirstIndexed.js';
import * as second from '../../abi/aigcRequestSecond.js';
import type { Address } from '../../address.js';
import type { LogEntry } from '../frames.js';

/** What an AI oracle was asked to write into a collection. */
export interface ModelRequest {
  readonly oracle: Address;
  readonly requestId: bigint;
  readonly modelId: bigint;
  readonly account: Address;
  /** The contract that gets the result. */
  readonly callbackContract: Address;
  /** What the model was asked, as hex. */
  readonly input: string;
}

const GENERATIONS = [
  firstIndexed.events.AICallbackRequest,
  first.events.AICallbackRequest,
  second.events.AICallbackRequest,
  batch.events.AICallbackRequest,
] as const;

/** `AICallbackRequest` in all of its generations (DOMAIN.md 4). */
export const REQUEST_TOPICS: readonly string[] = [
  ...new Set(GENERATIONS.map(({ topic }) => topic)),
];

/** Reads a request of any generation; `null` for a log that is none, or only looks like one. */
export function readRequestLog(log: LogEntry): ModelRequest | null {
  const record = { topics: [...log.topics], data: log.data };
  for (const event of GENERATIONS) {
    if (!event.is(record)) continue;
    try {
      const { account, requestId, modelId, input, callbackContract } = event.decode(record);
      return {
        oracle: log.address as Address,
        requestId,
        modelId,
        account: account as Address,
        callbackContract: callbackContract as Address,
        input,
      };
    } catch {
      // Anybody can write a log with this topic; a bad one is nobody's request.
      return null;
    }
  }
  return null;
}
