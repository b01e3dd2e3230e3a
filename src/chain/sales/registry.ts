import type { CustomSale } from '../../config/customSale.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import { custom } from './custom.js';
import { fixedPrice } from './fixedPrice.js';
import { launchpad } from './launchpad.js';
import { lbp } from './lbp.js';

/** The kinds of sales that can be indexed, by the name that the config gives them. */
const ADAPTERS = {
  launchpad,
  'fixed-price': fixedPrice,
  lbp,
  custom,
} satisfies Record<string, (sale: SaleContract, described: CustomSale) => SaleAdapter>;

export type SaleKind = keyof typeof ADAPTERS;

export const SALE_KINDS = Object.keys(ADAPTERS) as readonly SaleKind[];

/** @param described what the config says of a custom sale; other kinds need nothing. */
export function saleAdapter(
  kind: SaleKind,
  sale: SaleContract,
  described: CustomSale = { events: [] },
): SaleAdapter {
  return ADAPTERS[kind](sale, described);
}
