import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { BlockHeader, ChainNode, PastLog } from '../node.js';
import { readNewestRound } from './feed.js';
import { assertNeverLogged, roundDiffers, skippedRounds } from './missedRound.js';
import { ANSWER_UPDATED, type LoggedRound, roundsOf } from './rounds.js';

/** What most endpoints answer at once. */
const BLOCKS_AT_ONCE = 10_000;

/** A block with rounds, as `AnswerUpdated` logs say them. */
export interface RoundsOfBlock {
  readonly header: BlockHeader;
  readonly rounds: readonly LoggedRound[];
}

/** An aggregator contradicts itself. Code, message and hint are those of the error that says how. */
export class FeedContradictionError extends ImoError {
  constructor(
    /** The block in which that is seen. */
    readonly block: number,
    /** The newest block up to whose end its rounds are right. */
    readonly lastBlock: number,
    cause: ImoError,
  ) {
    super(cause.code, cause.message, cause.hint, { cause });
  }
}

/**
 * The rounds of an aggregator in blocks that are indexed already, oldest first. Nodes sometimes
 * leave logs out. So it compares the newest round of every part with the aggregator's own, and
 * asks for the rounds that were skipped before it.
 *
 * @param opening id of the round that was the newest before `from`; `null`: there was none
 * @throws ImoError `RPC_BLOCK_CHANGED` if a reorg happens in between, `RPC_LOGS_MISSING` if the
 *   aggregator knows of another newest round or of one in between: ask again then.
 *   FeedContradictionError after the rounds that are right
 */
export async function* pastRounds(
  node: ChainNode,
  aggregator: Address,
  { from, to, opening }: { from: number; to: number; opening: bigint | null },
): AsyncGenerator<RoundsOfBlock[]> {
  let newest = opening;
  for (let first = from; first <= to; first += BLOCKS_AT_ONCE) {
    const last = Math.min(first + BLOCKS_AT_ONCE - 1, to);
    const { found, fault } = await roundsBetween(node, aggregator, first, last);
    const rounds = found.flatMap((block) => block.rounds);
    await assertNeverLogged(node, aggregator, skippedRounds(newest, rounds), last);
    newest = rounds.at(-1)?.roundId ?? newest;
    if (fault !== null) {
      yield found;
      throw fault;
    }
    const own = await readNewestRound(node, aggregator, last);
    if (own !== null && own.roundId !== newest) {
      // Its log may only be missing, which another endpoint can mend.
      await assertNeverLogged(node, aggregator, [own.roundId], last);
      const error = roundDiffers(aggregator, last, own.roundId, newest);
      throw new FeedContradictionError(last, first - 1, error);
    }
    yield found;
  }
}

/** The rounds of some blocks, up to one whose logs contradict each other. */
async function roundsBetween(
  node: ChainNode,
  aggregator: Address,
  first: number,
  last: number,
): Promise<{ found: RoundsOfBlock[]; fault: FeedContradictionError | null }> {
  const byBlock = new Map<number, PastLog[]>();
  for (const log of await logsOf(node, aggregator, first, last)) {
    byBlock.set(log.blockNumber, [...(byBlock.get(log.blockNumber) ?? []), log]);
  }
  const numbers = [...byBlock.keys()].toSorted((left, right) => left - right);
  const found: RoundsOfBlock[] = [];
  for (const header of await node.headersAt(numbers)) {
    const { number, hash } = header;
    const logs = byBlock.get(number) ?? [];
    if (logs.some(({ blockHash }) => blockHash !== hash)) throw changed(header);
    try {
      found.push({ header, rounds: roundsOf(logs, aggregator) });
    } catch (error) {
      if (!(error instanceof ImoError)) throw error;
      return { found, fault: new FeedContradictionError(number, number - 1, error) };
    }
  }
  return { found, fault: null };
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
    'No action is needed: the indexer reads the block again.',
  );
}
