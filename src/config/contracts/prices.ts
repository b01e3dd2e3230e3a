import { z } from 'zod';
import type { Address } from '../../address.js';
import { addressField, type ProblemParams } from '../file/fields.js';

/** Where the price of an asset in a currency comes from. */
export interface PriceFeedConfig {
  /** `native`, the address of an ERC-20 in lower case, or the code of a currency, e.g. `EUR`. */
  readonly asset: string;
  /** Its code, e.g. `USD`. */
  readonly currency: string;
  /** A Chainlink-style aggregator, or a proxy before one; lower case. */
  readonly aggregator: Address;
  /** In force from this block on; `null`: from the first block that anything is read of. */
  readonly startBlock: number | null;
  /** A round older than this is not a price; `null`: a round of any age is. */
  readonly staleAfterSeconds: number | null;
}

/** Keys below `prices`. */
export const PRICE_KEYS: Readonly<Record<string, readonly string[]>> = {
  prices: ['asset', 'currency', 'aggregator', 'startBlock', 'staleAfterSeconds'],
};

const CURRENCY_HINT = 'Write the code of the currency in capitals, e.g. `currency: USD`.';

export const PRICE_KEY_HINTS: Readonly<Record<string, string>> = {
  prices:
    'Write `prices:` and below it a list: `- asset: native`, `  currency: USD`, `  aggregator: 0x…`.',
  asset:
    'Write what is priced: `asset: native`, the address of an ERC-20, or the code of a currency for a feed that values cross (`asset: EUR`).',
  currency: CURRENCY_HINT,
  aggregator: 'Write the address of the price feed: its aggregator, or the proxy before it.',
  staleAfterSeconds:
    'Write after how many seconds a round is too old, e.g. `staleAfterSeconds: 7200`, or leave it out.',
};

const CODE = /^[A-Z][A-Z0-9]{1,9}$/;

const asset = z.union([z.literal('native'), z.string().regex(CODE), addressField]);
const currency = z.string().superRefine((code, context) => {
  if (CODE.test(code)) return;
  const params: ProblemParams = { code: 'CONFIG_INVALID', hint: CURRENCY_HINT };
  context.addIssue({
    code: 'custom',
    message: `"${code}" is not the code of a currency (2 to 10 capitals and digits)`,
    params: { ...params },
  });
});

/** @param block how a block number is checked */
export function priceField(block: z.ZodType<number | null | undefined>) {
  return z
    .strictObject({
      asset,
      currency,
      aggregator: addressField,
      startBlock: block,
      staleAfterSeconds: z.int().min(1).max(2_147_483_647).nullish(),
    })
    .transform(({ startBlock, staleAfterSeconds, ...feed }): PriceFeedConfig => {
      return {
        ...feed,
        startBlock: startBlock ?? null,
        staleAfterSeconds: staleAfterSeconds ?? null,
      };
    });
}

/** At each block one feed says the price: of two, the one that starts last. */
export function checkPriceFeeds(
  { prices }: { readonly prices: readonly PriceFeedConfig[] },
  context: z.core.$RefinementCtx,
): void {
  for (const [index, feed] of prices.entries()) {
    const alike = prices
      .map((other, place) => ({ ...other, place }))
      .slice(0, index)
      .filter(({ asset, currency }) => asset === feed.asset && currency === feed.currency);
    const pair = `the price of ${feed.asset} in ${feed.currency}`;
    const beside = alike.find(({ startBlock }) => startBlock === feed.startBlock);
    const again = alike.find(({ aggregator }) => aggregator === feed.aggregator);
    if (feed.asset === feed.currency) {
      const params: ProblemParams = { code: 'CONFIG_INVALID', hint: PRICE_KEY_HINTS.asset ?? '' };
      const message = `${pair} is always 1`;
      context.addIssue({ code: 'custom', message, path: ['prices', index], params: { ...params } });
    }
    const message =
      beside !== undefined
        ? `prices[${beside.place}] says ${pair} from the same block on`
        : `${pair} comes from the same aggregator in prices[${again?.place}]`;
    if (beside === undefined && again === undefined) continue;
    const params: ProblemParams = {
      code: 'CONFIG_DUPLICATE',
      hint: 'Delete one of the two. If one takes over from the other, give it the `startBlock` from which it applies.',
    };
    context.addIssue({ code: 'custom', message, path: ['prices', index], params: { ...params } });
  }
}
