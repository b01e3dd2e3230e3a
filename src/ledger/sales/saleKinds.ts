/** The kinds of sales that can be indexed, by the names that the config gives them. */
export const SALE_KINDS = ['launchpad', 'fixed-price', 'lbp', 'custom'] as const;

export type SaleKind = (typeof SALE_KINDS)[number];
