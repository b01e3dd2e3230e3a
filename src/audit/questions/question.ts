import type { Address } from '../../address.js';

/** Where the chain says a figure. */
export type Lookup =
  | { readonly kind: 'call'; readonly to: Address; readonly data: string }
  | { readonly kind: 'balance'; readonly to: Address }
  | { readonly kind: 'slot'; readonly to: Address; readonly slot: bigint };

/** A figure of the books, and the view that returns it. */
export interface Question {
  /** For people, the same at every block: `balanceOf(0x…)`. */
  readonly figure: string;
  /** Whose books it is in: a token, an oracle or a sale. */
  readonly token: Address;
  /** Whose figure it is; `null`: of the contract itself. */
  readonly account: Address | null;
  readonly lookup: Lookup;
  readonly ours: bigint;
  /** The contract may revert instead of saying 0. */
  readonly mayRevert: boolean;
}

/** A figure of the books that the contract does not confirm. */
export interface Mismatch {
  readonly figure: string;
  readonly token: Address;
  readonly account: Address | null;
  readonly block: number;
  readonly ours: bigint;
  /** `null`: the contract reverts. */
  readonly contract: bigint | null;
}

/** How many figures were compared with the chain, and those that differ. */
export interface AuditComparison {
  readonly figures: number;
  readonly mismatches: readonly Mismatch[];
}

export const NOTHING_COMPARED: AuditComparison = { figures: 0, mismatches: [] };

/** Several comparisons as one. */
export function summed(comparisons: readonly AuditComparison[]): AuditComparison {
  return {
    figures: comparisons.reduce((sum, { figures }) => sum + figures, 0),
    mismatches: comparisons.flatMap(({ mismatches }) => mismatches),
  };
}
