import type { SaleEntryKind } from '../../ledger/sales/sale.js';

type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : Name;

/** The keys of a mapping and what each of them is: every kind of entry has one. */
export const MAPPING_KINDS: { readonly [Kind in SaleEntryKind as Camel<Kind>]: Kind } = {
  deposit: 'deposit',
  purchase: 'purchase',
  allocation: 'allocation',
  tokenClaim: 'token-claim',
  refund: 'refund',
  sell: 'sell',
  finalisation: 'finalisation',
};

export type MappingKey = keyof typeof MAPPING_KINDS;
