import type { WorldFeed } from './world.js';

/** A feed on the way from an asset to a currency; a divisor prices the currency itself. */
export interface RouteLeg {
  readonly feed: WorldFeed;
  readonly isDivisor: boolean;
}

/** The way of one feed, or of two that meet in a currency (docs/prices.md); empty: there is none. */
export function priceRoute(
  feeds: readonly WorldFeed[],
  asset: string,
  currency: string,
): readonly RouteLeg[] {
  const direct = feeds.find((feed) => feed.asset === asset && feed.currency === currency);
  if (direct !== undefined) return [{ feed: direct, isDivisor: false }];
  const ways = feeds
    .filter((feed) => feed.asset === asset)
    .flatMap((first) => [
      ...feeds
        .filter((feed) => feed.asset === first.currency && feed.currency === currency)
        .map((feed) => ({ first, second: { feed, isDivisor: false } })),
      ...feeds
        .filter((feed) => feed.asset === currency && feed.currency === first.currency)
        .map((feed) => ({ first, second: { feed, isDivisor: true } })),
    ]);
  // Of as many feeds, the way that divides least.
  const [way] = ways.toSorted((a, b) => Number(a.second.isDivisor) - Number(b.second.isDivisor));
  return way === undefined ? [] : [{ feed: way.first, isDivisor: false }, way.second];
}

/** What one smallest unit costs: an integer of so many places. */
export interface UnitPrice {
  readonly units: bigint;
  readonly places: number;
}

const QUOTIENT_PLACES = 18;

/**
 * The price by the answers of both feeds. A quotient is rounded half up to 18 places; `null`: nothing is left.
 *
 * @param answers of the legs, in their order
 */
export function unitPrice(legs: readonly RouteLeg[], answers: readonly bigint[]): UnitPrice | null {
  const [first, second] = legs;
  const [one = 0n, other = 0n] = answers;
  if (first === undefined) return null;
  const { assetDecimals, decimals } = first.feed;
  if (second === undefined) return { units: one, places: decimals + assetDecimals };
  if (!second.isDivisor) {
    return { units: one * other, places: decimals + second.feed.decimals + assetDecimals };
  }
  const dividend = one * 10n ** BigInt(second.feed.decimals + QUOTIENT_PLACES);
  const divisor = other * 10n ** BigInt(decimals);
  const units = (2n * dividend + divisor) / (2n * divisor);
  return units === 0n ? null : { units, places: QUOTIENT_PLACES + assetDecimals };
}
