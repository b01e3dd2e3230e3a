import { rulesAt } from '../../../src/ledger/terms.js';
import type { Queryable } from '../../../src/store/read/query/queryable.js';
import type { TokenRecord } from '../../../src/store/read/tokens/tokens.js';

/** What is served of a contract's terms at the end of a block; `null`: said to be unknown. */
export interface ServedTerms {
  readonly percent: bigint | null;
  /** 0: every snapshot stays claimable. */
  readonly window: bigint | null;
  readonly interval: bigint | null;
  /** 1: in seconds, 0: in blocks. */
  readonly isInSeconds: bigint | null;
}

/** The terms that the API shows with a token as of a block. */
export async function readServedTerms(
  _db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<ServedTerms> {
  const { percentClaimable, window, interval, intervalUnit } = rulesAt(token.rules, block).terms;
  return {
    percent: percentClaimable,
    window: BigInt(window ?? 0),
    interval,
    isInSeconds: intervalUnit === null ? null : intervalUnit === 'seconds' ? 1n : 0n,
  };
}
