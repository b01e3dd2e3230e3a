import type { SaleKind } from '../../ledger/sales/saleKinds.js';
import { custom } from './custom.js';
import { fixedPrice } from './fixedPrice.js';
import { launchpad } from './launchpad.js';
import { lbp } from './lbp.js';
import type { SaleRules } from './saleKind.js';

/** The rules of each kind of sale; a kind without them does not compile. */
export const SALE_RULES: Readonly<Record<SaleKind, SaleRules>> = {
  launchpad,
  'fixed-price': fixedPrice,
  lbp,
  custom,
};
