import { checksummed } from '../address.js';
import { rulesAt } from '../ledger/terms.js';
import type { TokenRecord } from '../store/read/tokens/tokens.js';

/** A token whose claims are paused at a block, as answers and exports carry it. */
export interface PauseMark {
  readonly chainId: number;
  /** With a checksum. */
  readonly token: string;
  readonly block: number;
}

/** The tokens whose contracts say that claims are paused, at the blocks that an answer is as of. */
export function pausesOf(
  tokens: readonly TokenRecord[],
  moments: Iterable<{ readonly chainId: number; readonly block: number }>,
): PauseMark[] {
  const blocks = [...moments];
  return tokens.flatMap(({ chainId, address, rules }) => {
    const paused = blocks
      .filter((moment) => moment.chainId === chainId)
      .map(({ block }) => block)
      .filter((block) => block >= rules.knownFrom && rulesAt(rules, block).terms.isPaused);
    return [...new Set(paused)].map((block) => ({ chainId, token: checksummed(address), block }));
  });
}
