import type { CustomSale } from '../../config/sales/customSale.js';
import type { SaleKind } from '../../ledger/sales/saleKinds.js';
import type { SaleAdapter, SaleContract } from './adapter.js';
import { custom } from './custom.js';
import { fixedPrice } from './fixedPrice.js';
import { launchpad } from './launchpad.js';
import { lbp } from './lbp.js';

/** How each kind of sale is read; a kind without an adapter does not compile. */
const ADAPTERS = {
  launchpad,
  'fixed-price': fixedPrice,
  lbp,
  custom,
} satisfies Record<SaleKind, (sale: SaleContract, described: CustomSale) => SaleAdapter>;

/** @param described what the config says of a custom sale; other kinds need nothing. */
export function saleAdapter(
  kind: SaleKind,
  sale: SaleContract,
  described: CustomSale = { events: [] },
): SaleAdapter {
  return ADAPTERS[kind](sale, described);
}
