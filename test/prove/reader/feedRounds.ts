import type { Chain } from '../../../devnet/anvil.js';
import type { WorldFeed } from './world.js';

/** A round of a price feed, as its contract logged it. */
export interface FeedRound {
  readonly block: number;
  readonly transaction: number;
  readonly log: number;
  readonly answer: string;
  /** Unix seconds. */
  readonly updated: number;
}

/** `AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt)`. */
const ANSWER_UPDATED = '0x0559884fd3a460db3073b7fc896cc77986f16e378210ded43186175bf646fc5f';

interface Log {
  readonly topics: readonly string[];
  readonly data: string;
  readonly blockNumber: string;
  readonly transactionIndex: string;
  readonly logIndex: string;
}

/** All rounds of a feed, by the node alone. */
export async function feedRounds(chain: Chain, { aggregator }: WorldFeed): Promise<FeedRound[]> {
  const range = { fromBlock: '0x0', toBlock: 'latest' };
  const logs = await chain.rpc.call<readonly Log[]>('eth_getLogs', [
    { address: aggregator, topics: [ANSWER_UPDATED], ...range },
  ]);
  return logs.map(({ topics, data, blockNumber, transactionIndex, logIndex }) => ({
    block: Number(blockNumber),
    transaction: Number(transactionIndex),
    log: Number(logIndex),
    answer: String(BigInt.asIntN(256, BigInt(topics[1] ?? '0x0'))),
    updated: Number(data),
  }));
}
