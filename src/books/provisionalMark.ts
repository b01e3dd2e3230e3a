import { checksummed } from '../address.js';
import type { ProvisionalToken } from '../store/read/chains/indexedTokens.js';
import type { TokenRecord } from '../store/read/tokens/tokens.js';

/** A token with money that no frame shows and that is not final, as answers carry it. */
export interface ProvisionalMark {
  readonly chainId: number;
  /** With a checksum. */
  readonly token: string;
  /** The first block with such money: figures from there on may be taken back. */
  readonly fromBlock: number;
}

/**
 * The tokens of which figures depend on such money, at the blocks that an answer is as of. An answer
 * about no moment has all that is booked.
 */
export function provisionalOf(
  tokens: readonly TokenRecord[],
  provisional: readonly ProvisionalToken[],
  moments: Iterable<{ readonly chainId: number; readonly block: number }>,
): ProvisionalMark[] {
  if (provisional.length === 0) return [];
  const blocks = [...moments];
  return tokens.flatMap(({ number, chainId, address }) => {
    const own = provisional.find(({ tokenNumber }) => tokenNumber === number);
    if (own === undefined) return [];
    const ofChain = blocks.filter((moment) => moment.chainId === chainId);
    const isAfter = ofChain.length === 0 || ofChain.some(({ block }) => block >= own.fromBlock);
    return isAfter ? [{ chainId, token: checksummed(address), fromBlock: own.fromBlock }] : [];
  });
}
