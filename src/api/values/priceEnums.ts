import { NO_PRICE_TEXTS } from '../../books/noPriceTexts.js';
import type { NoPrice as LedgerNoPrice } from '../../ledger/price.js';
import { kindEnum } from './kindEnum.js';

export const NoPrice = kindEnum<LedgerNoPrice>(
  'NoPrice',
  'Why nothing is known of what an amount was worth.',
  NO_PRICE_TEXTS,
);
export type NoPrice = LedgerNoPrice;

/** Whose prices a value is by. */
export type ValueBasis = 'at-each-entry' | 'at-moment';

export const ValueBasis = kindEnum<ValueBasis>('ValueBasis', 'Whose prices a value is by.', {
  'at-each-entry': 'Each entry at the newest price before its transaction; the sum of these.',
  'at-moment': 'The whole amount at the newest price at the end of one block.',
});
