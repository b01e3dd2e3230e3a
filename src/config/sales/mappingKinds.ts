import type { SaleEntryKind } from '../../ledger/sales/sale.js';

/** Something wrong with a mapping, at a path below the sale. */
export interface MappingProblem {
  readonly path: readonly PropertyKey[];
  readonly reason: string;
  readonly hint: string;
}

/** The keys of a mapping and what each of them is. */
export const MAPPING_KINDS = {
  deposit: 'deposit',
  purchase: 'purchase',
  allocation: 'allocation',
  tokenClaim: 'token-claim',
  refund: 'refund',
  sell: 'sell',
  finalisation: 'finalisation',
} as const satisfies Record<string, SaleEntryKind>;

export type MappingKey = keyof typeof MAPPING_KINDS;
