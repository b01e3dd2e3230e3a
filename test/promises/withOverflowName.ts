/** The name that a new kind of sale adds. */
import { SALE_KINDS as KNOWN } from '../../src/ledger/sales/saleKinds.js';

export const SALE_KINDS = [...KNOWN, 'overflow'];
