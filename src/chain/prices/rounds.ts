import { dataLength } from 'ethers';
import { events } from '../../abi/priceAggregator.js';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { SourceLog } from '../reading/source.js';

/** `AnswerUpdated(int256 indexed, uint256 indexed, uint256)` of Chainlink's aggregators. */
export const ANSWER_UPDATED = events.AnswerUpdated.topic;

const TOPICS = 3;
const WORD_BYTES = 32;

/** A round as its aggregator logged it. */
export interface LoggedRound {
  readonly transactionHash: string;
  readonly transactionIndex: number;
  readonly logIndex: number;
  readonly roundId: bigint;
  /** May be zero or negative: no price then. */
  readonly answer: bigint;
  /** Unix seconds, as the aggregator says. */
  readonly updatedAt: bigint;
}

/**
 * The rounds of an aggregator among the logs of a block, in order.
 *
 * @throws ImoError `PRICE_BAD_LOG` if one has other fields than the event has.
 */
export function roundsOf(logs: readonly SourceLog[], aggregator: Address): LoggedRound[] {
  return logs
    .filter((log) => log.address === aggregator && log.topics[0] === ANSWER_UPDATED)
    .toSorted((left, right) => left.logIndex - right.logIndex)
    .map(roundOf);
}

function roundOf(log: SourceLog): LoggedRound {
  if (log.topics.length !== TOPICS || dataLength(log.data) !== WORD_BYTES) {
    throw new ImoError(
      'PRICE_BAD_LOG',
      `${checksummed(log.address as Address)} logged a round in another layout (transaction ${log.transactionHash})`,
      'It is not a Chainlink aggregator; remove it from `prices`.',
    );
  }
  const { transactionHash, transactionIndex, logIndex } = log;
  const { current: answer, roundId, updatedAt } = events.AnswerUpdated.decode(log);
  return { transactionHash, transactionIndex, logIndex, roundId, answer, updatedAt };
}
