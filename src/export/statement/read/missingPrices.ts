import { checksummed } from '../../../address.js';
import { nativeSymbol } from '../../../books/nativeCoins.js';
import { NO_PRICE_TEXTS } from '../../../books/noPriceTexts.js';
import type { Statement, UnknownWorth, Valued } from './statement.js';

/** Lines of a statement whose worth is not known, for one reason. */
export interface MissingPrices extends UnknownWorth {
  readonly lines: number;
}

/** What has no price, by asset and reason, in the order of the statement. */
export function missingPrices({ tokens, sales }: Statement): MissingPrices[] {
  const lines: readonly Valued[] = [
    ...tokens.flatMap((token) => [
      ...token.movements,
      ...token.revenue.flatMap(({ movements }) => movements),
    ]),
    ...sales.flatMap(({ movements }) => movements),
  ];
  const found = new Map<string, MissingPrices>();
  for (const { noPrice } of lines) {
    if (noPrice === null) continue;
    const { chainId, asset, reason, feed } = noPrice;
    const name = [chainId, asset, reason, feed?.asset, feed?.currency].join(' ');
    found.set(name, { ...noPrice, lines: (found.get(name)?.lines ?? 0) + 1 });
  }
  return [...found.values()];
}

/** One line of text for each. */
export function missingPriceText(
  currency: string,
  { chainId, asset, symbol, feed, reason, lines }: MissingPrices,
): string {
  const coin = asset === null ? nativeSymbol(chainId) : checksummed(asset);
  const named = symbol === null || asset === null ? coin : `${symbol} (${coin})`;
  const of = feed === null ? '' : ` Feed: ${feed.asset} in ${feed.currency}.`;
  const what = lines === 1 ? '1 line' : `${lines} lines`;
  return `No price in ${currency} for ${what} of ${named}: ${NO_PRICE_TEXTS[reason]}${of}`;
}
