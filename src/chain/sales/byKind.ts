import type { CustomSale } from '../../config/sales/customSale.js';
import { SALE_KINDS, type SaleKind } from '../../ledger/sales/saleKinds.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import { SALE_RULES } from './registry.js';
import type { SaleViews } from './saleKind.js';

/** @param described the config of a custom sale; other kinds need none. */
export function saleAdapter(
  kind: SaleKind,
  sale: SaleContract,
  described: CustomSale = { events: [] },
): SaleAdapter {
  return SALE_RULES[kind].adapter(sale, described);
}

/** What the contracts of a kind can be asked about the books; `null`: nobody knows. */
export function saleViewsOf(kind: string): SaleViews | null {
  const known = SALE_KINDS.find((name) => name === kind);
  return known === undefined ? null : SALE_RULES[known].views;
}
