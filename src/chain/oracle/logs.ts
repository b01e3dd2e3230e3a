import { events } from '../../abi/aiOracle.js';
import { events as unindexed } from '../../abi/aiOracleUnindexed.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { LogEntry } from '../reading/tree/frames.js';

/** A log of a request. The newest comes with the second for the same request. */
export interface RequestLog {
  readonly kind: 'request';
  readonly generation: 'first' | 'second' | 'newest';
  readonly account: Address;
  readonly requestId: bigint;
  readonly modelId: bigint;
  readonly input: string;
  readonly callbackContract: Address;
  readonly gasLimit: bigint;
}

export interface ResultLog {
  readonly kind: 'result';
  /** `null` where the first version does not log it. */
  readonly account: Address | null;
  /** Who delivered it; only the newest version logs it. */
  readonly invoker: Address | null;
  readonly requestId: bigint;
  readonly output: string;
}

type OracleLog = RequestLog | ResultLog;

interface Codec<Fields> {
  readonly topic: string;
  /** Compares the topic and the number of topics. */
  is(log: LogEntryToDecode): boolean;
  decode(log: LogEntryToDecode): Fields;
}

interface LogEntryToDecode {
  topics: string[];
  data: string;
}

const REQUEST = 'uint256,bytes,address';

interface Decoder {
  readonly topic: string;
  is(log: LogEntryToDecode): boolean;
  decode(log: LogEntryToDecode): OracleLog;
}

/** Which fields are indexed changed without a new topic: the number of topics tells. */
const DECODERS: readonly Decoder[] = [
  decoder(
    events[`AICallbackRequest(address indexed,uint256 indexed,${REQUEST},bytes4,uint64)`],
    request('first'),
  ),
  decoder(
    events[`AICallbackRequest(address indexed,uint256 indexed,${REQUEST},uint64,bytes)`],
    request('second'),
  ),
  decoder(
    events[
      `AICallbackRequest(address indexed,uint256 indexed,${REQUEST},uint64,bytes,uint8,uint8,uint256)`
    ],
    request('newest'),
  ),
  decoder(events['AICallbackResult(uint256 indexed,bytes)'], result),
  decoder(events['AICallbackResult(address indexed,uint256 indexed,bytes)'], result),
  decoder(events['AICallbackResult(address indexed,uint256 indexed,address,bytes)'], result),
  decoder(
    unindexed[`AICallbackRequest(address,uint256,${REQUEST},bytes4,uint64)`],
    request('first'),
  ),
  decoder(
    unindexed[`AICallbackRequest(address,uint256,${REQUEST},uint64,bytes)`],
    request('second'),
  ),
  decoder(
    unindexed[`AICallbackRequest(address,uint256,${REQUEST},uint64,bytes,uint8,uint8,uint256)`],
    request('newest'),
  ),
  decoder(unindexed['AICallbackResult(uint256,bytes)'], result),
  decoder(unindexed['AICallbackResult(address,uint256,bytes)'], result),
  decoder(unindexed['AICallbackResult(address,uint256,address,bytes)'], result),
];

/** First topics of all generations of logs. */
export const ORACLE_TOPICS: readonly string[] = [...new Set(DECODERS.map(({ topic }) => topic))];

/**
 * Reads a log of an oracle; `null` if it is none that the books follow.
 *
 * @throws ImoError `CHAIN_UNREADABLE_LOG` for a known topic with unknown fields.
 */
export function oracleLog(log: LogEntry): OracleLog | null {
  if (!ORACLE_TOPICS.includes(log.topics[0] ?? '')) return null;
  const entry = { topics: [...log.topics], data: log.data };
  const decoder = DECODERS.find((candidate) => candidate.is(entry));
  if (decoder === undefined) throw unreadable(log);
  try {
    return decoder.decode(entry);
  } catch (error) {
    throw unreadable(log, error);
  }
}

function decoder<Fields>(codec: Codec<Fields>, logOf: (fields: Fields) => OracleLog): Decoder {
  return {
    topic: codec.topic,
    is: (log) => codec.is(log),
    decode: (log) => logOf(codec.decode(log)),
  };
}

interface RequestFields {
  readonly account: string;
  readonly requestId: bigint;
  readonly modelId: bigint;
  readonly input: string;
  readonly callbackContract: string;
  readonly gasLimit: bigint;
}

function request(generation: RequestLog['generation']) {
  return ({ account, requestId, modelId, input, callbackContract, gasLimit }: RequestFields) => ({
    kind: 'request' as const,
    generation,
    account: account as Address,
    requestId,
    modelId,
    input,
    callbackContract: callbackContract as Address,
    gasLimit,
  });
}

interface ResultFields {
  readonly account?: string;
  readonly invoker?: string;
  readonly requestId: bigint;
  readonly output: string;
}

function result({ account, invoker, requestId, output }: ResultFields): ResultLog {
  return {
    kind: 'result',
    account: (account ?? null) as Address | null,
    invoker: (invoker ?? null) as Address | null,
    requestId,
    output,
  };
}

function unreadable(log: LogEntry, cause?: unknown): ImoError {
  return new ImoError(
    'CHAIN_UNREADABLE_LOG',
    `log ${log.logIndex} of ${log.address} has topic ${log.topics[0]}, ${log.topics.length} topics and other fields than an AI oracle's`,
    'This contract is not an AI oracle of a supported kind; remove it from the config.',
    { cause },
  );
}
