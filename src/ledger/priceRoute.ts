/** A feed as far as routes depend on it. */
export interface RoutedFeed {
  /** What is priced: `native`, the address of an ERC-20, or the code of a currency. */
  readonly asset: string;
  /** Code of the currency that the price is in. */
  readonly currency: string;
  /** In force from this block on, until another feed of the asset and currency begins. */
  readonly startBlock: number;
}

/** One feed of a route. */
export interface RouteLeg<Feed extends RoutedFeed> {
  readonly feed: Feed;
  /** The route divides by its price: from its currency back to its asset. */
  readonly isInverse: boolean;
}

/** Which feeds price an asset in a currency, over a range of blocks. */
export interface PriceRoute<Feed extends RoutedFeed> {
  readonly asset: string;
  readonly currency: string;
  readonly fromBlock: number;
  /** The first block that it does not hold for; `null`: it holds on. */
  readonly toBlock: number | null;
  /** The feed of the asset first. */
  readonly legs: readonly RouteLeg<Feed>[];
}

/** Feeds that one price may be made of. */
export const LEGS_AT_MOST = 3;

/** Whether a feed prices a currency, and not an asset of the chain. */
export function isCurrency(asset: string): boolean {
  return asset !== 'native' && !asset.startsWith('0x');
}

/**
 * The routes from every asset of one chain to a currency, by asset and block. A feed of the asset
 * in the currency is the route while it is in force. Without one, the fewest feeds whose
 * currencies meet: `native` in USD and EUR in USD give `native` in EUR. Of routes with as many
 * feeds, the one that divides least, then the first by the names of its currencies. Which feeds are
 * in force decides, never which of them has a price: one route holds for all entries of a block.
 *
 * @param feeds of one chain
 */
export function priceRoutes<Feed extends RoutedFeed>(
  feeds: readonly Feed[],
  currency: string,
): PriceRoute<Feed>[] {
  const assets = [...new Set(feeds.map(({ asset }) => asset))].filter(
    (asset) => !isCurrency(asset),
  );
  const starts = [...new Set(feeds.map(({ startBlock }) => startBlock))].toSorted((a, b) => a - b);
  const spans = starts.map((fromBlock, index) => {
    return {
      fromBlock,
      toBlock: starts[index + 1] ?? null,
      inForce: feedsInForce(feeds, fromBlock),
    };
  });
  return assets.flatMap((asset) =>
    joined(
      spans.flatMap(({ inForce, ...blocks }) => {
        const legs = bestRoute(inForce, asset, currency);
        return legs === null ? [] : [{ asset, currency, ...blocks, legs }];
      }),
    ),
  );
}

/** Every currency that some asset has a route to, by name. */
export function pricedCurrencies(feeds: readonly RoutedFeed[]): string[] {
  const codes = new Set(
    feeds.flatMap(({ asset, currency }) => [asset, currency]).filter(isCurrency),
  );
  return [...codes].filter((code) => priceRoutes(feeds, code).length > 0).toSorted();
}

function feedsInForce<Feed extends RoutedFeed>(feeds: readonly Feed[], block: number): Feed[] {
  const newest = new Map<string, Feed>();
  for (const feed of feeds.toSorted((a, b) => a.startBlock - b.startBlock)) {
    if (feed.startBlock <= block) newest.set(`${feed.asset} ${feed.currency}`, feed);
  }
  return [...newest.values()];
}

function bestRoute<Feed extends RoutedFeed>(
  feeds: readonly Feed[],
  asset: string,
  currency: string,
): readonly RouteLeg<Feed>[] | null {
  let routes: Walk<Feed>[] = [{ legs: [], names: [asset] }];
  for (let length = 1; length <= LEGS_AT_MOST; length++) {
    routes = routes.flatMap((route) => stepsFrom(route, feeds));
    const [best] = routes.filter(({ names }) => names.at(-1) === currency).toSorted(byPreference);
    if (best !== undefined) return best.legs;
  }
  return null;
}

/** A route so far, and the asset and currencies that it passed. */
interface Walk<Feed extends RoutedFeed> {
  readonly legs: readonly RouteLeg<Feed>[];
  readonly names: readonly string[];
}

function stepsFrom<Feed extends RoutedFeed>(
  { legs, names }: Walk<Feed>,
  feeds: readonly Feed[],
): Walk<Feed>[] {
  const here = names.at(-1);
  return feeds.flatMap((feed) => {
    const isForward = feed.asset === here;
    const isInverse = feed.currency === here && isCurrency(feed.asset);
    const next = isForward ? feed.currency : feed.asset;
    if ((!isForward && !isInverse) || names.includes(next)) return [];
    return [{ legs: [...legs, { feed, isInverse: !isForward }], names: [...names, next] }];
  });
}

function byPreference<Feed extends RoutedFeed>(one: Walk<Feed>, other: Walk<Feed>): number {
  const divisions = ({ legs }: Walk<Feed>) => legs.filter(({ isInverse }) => isInverse).length;
  const less = divisions(one) - divisions(other);
  if (less !== 0) return less;
  return one.names.join(' ') < other.names.join(' ') ? -1 : 1;
}

/** The same routes with neighbours joined that are of the same feeds. */
function joined<Feed extends RoutedFeed>(routes: readonly PriceRoute<Feed>[]): PriceRoute<Feed>[] {
  const all: PriceRoute<Feed>[] = [];
  for (const route of routes) {
    const last = all.at(-1);
    if (last !== undefined && last.toBlock === route.fromBlock && isSame(last, route)) {
      all[all.length - 1] = { ...last, toBlock: route.toBlock };
    } else all.push(route);
  }
  return all;
}

function isSame<Feed extends RoutedFeed>(
  { legs: one }: PriceRoute<Feed>,
  { legs: other }: PriceRoute<Feed>,
): boolean {
  return one.length === other.length && one.every(({ feed }, at) => feed === other[at]?.feed);
}
