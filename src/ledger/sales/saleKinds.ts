/**
 * The kinds of sales that can be indexed, by the names that the config gives them. The rules of each
 * are one file of `src/chain/sales`; its registry does not compile until it has them.
 */
export const SALE_KINDS = ['launchpad', 'fixed-price', 'lbp', 'custom'] as const;

export type SaleKind = (typeof SALE_KINDS)[number];
