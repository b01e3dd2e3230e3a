import { crossedPrice, type PriceRound, type UnitPrice } from './price.js';
import type { PriceRoute, RoutedFeed } from './priceRoute.js';

/** A place in the order of the chain at which something of a price changes. */
interface At {
  readonly key: bigint;
}

/** The newest round of a feed from a place on; `null`: there is none. */
export interface RoundFrom extends At {
  readonly round: PriceRound | null;
}

/** What holds for all entries from a place to the next one. */
export interface PriceCell<Feed> extends At {
  /** The feeds of the route in their order, each with its newest round; none: no feed prices the asset. */
  readonly legs: readonly { readonly feed: Feed; readonly round: PriceRound | null }[];
  /** `null`: a round is missing or not positive, or the quotient is too small. */
  readonly price: UnitPrice | null;
}

/**
 * The newest round of a feed at each place.
 *
 * @param rounds the oldest first, each with the first place that it holds for. A newer one holds instead of an older
 *   one wherever both could.
 */
export function newestRounds(rounds: readonly RoundFrom[]): RoundFrom[] {
  const newest: RoundFrom[] = [];
  for (const round of rounds) {
    while ((newest.at(-1)?.key ?? round.key - 1n) >= round.key) newest.pop();
    newest.push(round);
  }
  return newest;
}

/** A route, from a place on. */
export interface RouteFrom<Feed extends RoutedFeed> extends At {
  readonly route: PriceRoute<Feed> | null;
}

/**
 * The cells of an asset: between two of them, neither its route nor a round changes.
 *
 * @param routes in ascending order of their places
 * @param roundsOf the rounds of a feed, as `newestRounds` returns them
 */
export function priceCells<Feed extends RoutedFeed>(
  routes: readonly RouteFrom<Feed>[],
  roundsOf: (feed: Feed) => readonly RoundFrom[],
): PriceCell<Feed>[] {
  return routes.flatMap(({ key: start, route }, index) => {
    const end = routes[index + 1]?.key ?? null;
    if (end !== null && end <= start) return [];
    const legs = route?.legs ?? [];
    const rounds = legs.map(({ feed }) => roundsOf(feed));
    const changes = rounds.flat().map(({ key }) => key);
    const keys = [start, ...changes.filter((key) => key > start && (end === null || key < end))];
    const ascending = [...new Set(keys)].sort((a, b) => (a < b ? -1 : 1));
    const next = rounds.map(() => 0);
    return ascending.map((key) => {
      const newest = rounds.map((ofFeed, leg) => {
        let place = next[leg] ?? 0;
        for (let at = ofFeed[place]; at !== undefined && at.key <= key; at = ofFeed[place]) place++;
        next[leg] = place;
        return ofFeed[place - 1]?.round ?? null;
      });
      return {
        key,
        legs: legs.map(({ feed }, leg) => ({ feed, round: newest[leg] ?? null })),
        price: priceOf(legs, newest),
      };
    });
  });
}

function priceOf(
  legs: PriceRoute<RoutedFeed>['legs'],
  rounds: readonly (PriceRound | null)[],
): UnitPrice | null {
  const known = legs.flatMap(({ isInverse }, leg) => {
    const round = rounds[leg] ?? null;
    return round === null || round.answer <= 0n ? [] : [{ ...round, isInverse }];
  });
  return legs.length === 0 || known.length < legs.length ? null : crossedPrice(known);
}
