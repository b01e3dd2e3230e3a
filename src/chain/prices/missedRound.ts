import { AbiCoder, concat, dataLength, toBeHex } from 'ethers';
import { functions } from '../../abi/priceAggregator.js';
import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { BlockTag, ChainNode } from '../node.js';

const WORD_BYTES = 32;
const ROUND_WORDS = 5;
/** Of aggregators that number their rounds in another way there would be too many to ask about. */
const ROUNDS_ASKED = 64;

/**
 * The ids between rounds that were logged one after the other. Aggregators count their rounds up
 * by one, so each of them may be one whose log is missing.
 *
 * @param previous id of the round before; `null`: there was none, or nobody knows
 */
export function skippedRounds(
  previous: bigint | null,
  logged: readonly { readonly roundId: bigint }[],
): bigint[] {
  const skipped: bigint[] = [];
  let last = previous;
  for (const { roundId } of logged) {
    for (let id = (last ?? roundId) + 1n; id < roundId; id++) {
      if (skipped.length === ROUNDS_ASKED) return skipped;
      skipped.push(id);
    }
    last = roundId;
  }
  return skipped;
}

/**
 * Asks an aggregator about rounds of which there is no log. One that got an answer of its own was
 * logged; one that timed out took the answer of another over, or is not known at all, and was not.
 *
 * @throws ImoError `RPC_LOGS_MISSING` if one was logged: ask for the logs again then.
 */
export async function assertNeverLogged(
  node: ChainNode,
  aggregator: Address,
  skipped: readonly bigint[],
  block: BlockTag,
): Promise<void> {
  if (skipped.length === 0) return;
  const asked = skipped.slice(0, ROUNDS_ASKED);
  const answers = await node.views(
    asked.map((roundId) => ({
      to: aggregator,
      // The codec puts a number of 80 bits in the wrong place of its word.
      data: concat([functions.getRoundData.selector, toBeHex(roundId, WORD_BYTES)]),
    })),
    block,
  );
  const logged = asked.find((roundId, index) => isAnswered(roundId, answers[index] ?? null));
  if (logged !== undefined) {
    node.distrust('eth_getLogs');
    throw logsMissing(
      `the node has no log of round ${logged} of aggregator ${checksummed(aggregator)}`,
    );
  }
}

/** A log of a round that the aggregator has is not there. */
function logsMissing(what: string): ImoError {
  return new ImoError(
    'RPC_LOGS_MISSING',
    what,
    'The indexer asks again. If this lasts, use another endpoint: this one omits logs.',
  );
}

function isAnswered(roundId: bigint, answer: string | null): boolean {
  if (answer === null || dataLength(answer) !== ROUND_WORDS * WORD_BYTES) return false;
  const types = ['uint256', 'int256', 'uint256', 'uint256', 'uint256'];
  const [id, , , updatedAt, answeredIn] = AbiCoder.defaultAbiCoder()
    .decode(types, answer)
    .toArray() as bigint[];
  return id === roundId && answeredIn === roundId && updatedAt !== undefined && updatedAt > 0n;
}

/** An aggregator knows of another newest round than its logs, and no log is missing. */
export function roundDiffers(
  aggregator: Address,
  block: number,
  own: bigint,
  logged: bigint | null,
): ImoError {
  return new ImoError(
    'PRICE_ROUND_DIFFERS',
    `aggregator ${checksummed(aggregator)} says that its newest round is ${own}, ` +
      `its logs say ${logged ?? 'none'} (block ${block})`,
    'It is not a Chainlink aggregator; remove it from `prices`.',
  );
}
