import { type NoPrice, sumOfDecimals, worthOf } from '../../../ledger/price.js';
import type { PriceFeed } from '../../../store/registry/priceFeeds.js';
import type { ApiContext } from '../../request/context.js';
import { entryPrice } from './entryValue.js';
import type { Booked } from './valueResolver.js';
import { type MissingPriceType, type ValueSumType, valueOfNothing } from './valueSum.js';

/**
 * What entries were worth together, each at its own price. Those of nothing do not count.
 *
 * @throws GraphQLError and ImoError as `entryValue`
 */
export async function entriesValue(
  context: ApiContext,
  entries: readonly Booked[],
  currency: string,
): Promise<ValueSumType> {
  const valued = entries.filter(({ amount }) => amount !== 0n);
  const prices = await Promise.all(valued.map(({ place }) => entryPrice(context, place, currency)));
  const known: string[] = [];
  const missing = new Map<string, MissingPriceType>();
  for (const [index, price] of prices.entries()) {
    const entry = valued[index];
    if (entry === undefined) continue;
    if (price.missing === null) {
      known.push(worthOf(entry.amount, price.feed.assetDecimals, price.price));
      continue;
    }
    const name = `${entry.place.chainId} ${entry.place.asset} ${price.missing} ${price.feed?.number}`;
    missing.set(name, withEntry(missing.get(name), entry, price.missing, price.feed));
  }
  const sum = known.length === 0 && valued.length > 0 ? null : sumOfDecimals(known);
  return {
    ...valueOfNothing(currency, 'at-each-entry', null),
    amount: missing.size === 0 ? sum : null,
    known: sum,
    amounts: valued.length,
    missingAmounts: valued.length - known.length,
    missing: [...missing.values()],
  };
}

function withEntry(
  before: MissingPriceType | undefined,
  { place: { chainId, asset, timestamp }, amount }: Booked,
  reason: NoPrice,
  feed: PriceFeed | null,
): MissingPriceType {
  const { amounts = 0, sum = 0n, first = timestamp, last = timestamp } = before ?? {};
  return {
    chainId,
    asset,
    reason,
    feed,
    amounts: amounts + 1,
    sum: sum + amount,
    first: first === null || timestamp < first ? timestamp : first,
    last: last === null || timestamp > last ? timestamp : last,
  };
}
