import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { BlockHeader, ChainNode, PastLog } from '../node.js';
import { ANSWER_UPDATED, type LoggedRound, roundsOf } from './rounds.js';

/** What most endpoints answer at once. */
const BLOCKS_AT_ONCE = 10_000;

/** A block with rounds, as `AnswerUpdated` logs say them. */
export interface RoundsOfBlock {
  readonly header: BlockHeader;
  readonly rounds: readonly LoggedRound[];
}

/**
 * The rounds of an aggregator in blocks that are indexed already, oldest first.
 *
 * @throws ImoError `RPC_BLOCK_CHANGED` if a reorg comes in between: ask again then.
 */
export async function* pastRounds(
  node: ChainNode,
  aggregator: Address,
  from: number,
  to: number,
): AsyncGenerator<RoundsOfBlock[]> {
  for (let first = from; first <= to; first += BLOCKS_AT_ONCE) {
    const last = Math.min(first + BLOCKS_AT_ONCE - 1, to);
    const byBlock = new Map<number, PastLog[]>();
    for (const log of await logsOf(node, aggregator, first, last)) {
      byBlock.set(log.blockNumber, [...(byBlock.get(log.blockNumber) ?? []), log]);
    }
    const numbers = [...byBlock.keys()].toSorted((left, right) => left - right);
    const headers = await node.headersAt(numbers);
    yield headers.map((header) => {
      const logs = byBlock.get(header.number) ?? [];
      for (const { blockHash } of logs) if (blockHash !== header.hash) throw changed(header);
      return { header, rounds: roundsOf(logs, aggregator) };
    });
  }
}

/** Asks for half as many blocks where an endpoint finds that it is too much. */
async function logsOf(
  node: ChainNode,
  aggregator: Address,
  from: number,
  to: number,
): Promise<PastLog[]> {
  try {
    return await node.logs(aggregator, ANSWER_UPDATED, { from, to });
  } catch (error) {
    if (!(error instanceof ImoError) || error.code !== 'RPC_REFUSED' || from >= to) throw error;
    const middle = Math.floor((from + to) / 2);
    return [
      ...(await logsOf(node, aggregator, from, middle)),
      ...(await logsOf(node, aggregator, middle + 1, to)),
    ];
  }
}

function changed({ number }: BlockHeader): ImoError {
  return new ImoError(
    'RPC_BLOCK_CHANGED',
    `block ${number} was replaced while its prices were read`,
    'Nothing is wrong: it is read again.',
  );
}
