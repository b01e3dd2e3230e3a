import type { NoPrice as LedgerNoPrice } from '../../ledger/price.js';
import { kindEnum } from './kindEnum.js';

export const NoPrice = kindEnum<LedgerNoPrice>(
  'NoPrice',
  'Why nothing is known of what an amount was worth.',
  {
    'no-feed': 'No feed of the asset in the currency was in force, and no feeds that cross to it.',
    'no-round': 'The feed had no round before.',
    'not-positive': 'The newest round said zero or less.',
    stale: 'The newest round was older than the config allows.',
    later: 'The newest round gave itself a time after the block.',
    'too-small': 'A quotient of prices that rounds to zero.',
  },
);
export type NoPrice = LedgerNoPrice;

/** Whose prices a value is by. */
export type ValueBasis = 'at-each-entry' | 'at-moment';

export const ValueBasis = kindEnum<ValueBasis>('ValueBasis', 'Whose prices a value is by.', {
  'at-each-entry': 'Each entry at the newest price before its transaction; the sum of these.',
  'at-moment': 'The whole amount at the newest price at the end of one block.',
});
