import { checksummed } from '../address.js';
import type { HoldRecord } from '../store/read/tokens/holds.js';

/** A hold as answers, exports and the command line carry it. */
export interface HoldMark {
  readonly chainId: number;
  /** With a checksum. */
  readonly address: string;
  readonly kind: HoldRecord['kind'];
  /** The newest block at whose end the books of the contract are right. */
  readonly lastBlock: number;
  readonly code: string;
  readonly reason: string;
}

export function holdMark({
  chainId,
  address,
  kind,
  lastBlock,
  code,
  reason,
}: HoldRecord): HoldMark {
  return { chainId, address: checksummed(address), kind, lastBlock, code, reason };
}

/**
 * The holds that figures of these tokens depend on. Oracles, collections, sales and pools are read across
 * tokens: a hold of one of them marks every answer.
 *
 * @param tokens numbers of the tokens
 */
export function holdsOn(
  holds: readonly HoldRecord[],
  tokens: ReadonlySet<number>,
): readonly HoldRecord[] {
  return holds.filter(({ tokenNumber }) => tokenNumber === null || tokens.has(tokenNumber));
}
