/** The line that a new kind of sale adds; its file is `overflow.ts`. */
import { SALE_RULES as KNOWN } from '../../src/chain/sales/registry.js';
import { overflow } from './overflow.js';

export const SALE_RULES = { ...KNOWN, overflow };
