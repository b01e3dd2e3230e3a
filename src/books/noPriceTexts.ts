import type { NoPrice } from '../ledger/price.js';

/** Why an amount has no price, each as a sentence. */
export const NO_PRICE_TEXTS: Readonly<Record<NoPrice, string>> = {
  'no-feed': 'No feed of the asset in the currency was in force, and no feeds that cross to it.',
  'no-round': 'The feed had no round before.',
  'not-positive': 'The newest round said zero or less.',
  stale: 'The newest round was older than the config allows.',
  later: 'The newest round gave itself a time after the block.',
  'too-small': 'A quotient of prices that rounds to zero.',
};
