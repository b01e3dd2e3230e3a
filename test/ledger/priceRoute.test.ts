import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { crossedPrice, decimalFraction, worthOf } from '../../src/ledger/price.js';
import { pricedCurrencies, priceRoutes, type RoutedFeed } from '../../src/ledger/priceRoute.js';

const DOLLAR = `0x${'aa'.repeat(20)}`;

const feed = (asset: string, currency: string, startBlock = 0): RoutedFeed => {
  return { asset, currency, startBlock };
};

/** `asset from-to: legs`, a divisor with a slash. */
function routes(feeds: readonly RoutedFeed[], currency: string): string[] {
  return priceRoutes(feeds, currency).map(({ asset, fromBlock, toBlock, legs }) => {
    const names = legs.map(
      (leg) => `${leg.isInverse ? '/' : '*'}${leg.feed.asset}-${leg.feed.currency}`,
    );
    return `${asset.slice(0, 6)} ${fromBlock}-${toBlock ?? ''}: ${names.join(' ')}`;
  });
}

describe('the route from an asset to a currency', () => {
  test('ETH in dollars and euros in dollars give ETH in euros', () => {
    const feeds = [feed('native', 'USD'), feed('EUR', 'USD')];
    expect(routes(feeds, 'EUR')).toEqual(['native 0-: *native-USD /EUR-USD']);
    expect(routes(feeds, 'USD')).toEqual(['native 0-: *native-USD']);
    expect(routes(feeds, 'GBP')).toEqual([]);
    expect(pricedCurrencies(feeds)).toEqual(['EUR', 'USD']);
  });

  test('three feeds lead from an ERC-20 in ether to euros', () => {
    const feeds = [feed(DOLLAR, 'ETH'), feed('ETH', 'USD'), feed('EUR', 'USD')];
    expect(routes(feeds, 'EUR')).toEqual([`0xaaaa 0-: *${DOLLAR}-ETH *ETH-USD /EUR-USD`]);
    const far = [...feeds, feed('EUR', 'CHF'), feed('CHF', 'JPY')];
    expect(routes(far, 'CHF')).toEqual([]);
  });

  test('never leads through another asset', () => {
    const feeds = [feed(DOLLAR, 'USD'), feed('native', 'USD'), feed('native', 'EUR')];
    expect(routes(feeds, 'EUR')).toEqual(['native 0-: *native-EUR']);
  });

  test('is a feed of the asset itself while one is in force, block by block', () => {
    const feeds = [feed('native', 'USD', 10), feed('EUR', 'USD', 20), feed('native', 'EUR', 30)];
    expect(routes(feeds, 'EUR')).toEqual([
      'native 20-30: *native-USD /EUR-USD',
      'native 30-: *native-EUR',
    ]);
    const replaced = [feed('native', 'USD', 10), feed('native', 'USD', 40), feed('EUR', 'USD', 20)];
    expect(routes(replaced, 'EUR')).toEqual([
      'native 20-40: *native-USD /EUR-USD',
      'native 40-: *native-USD /EUR-USD',
    ]);
    expect(routes([feed('native', 'USD', 1), feed('GBP', 'USD', 5)], 'USD')).toEqual([
      'native 1-: *native-USD',
    ]);
  });

  test('of as many feeds, divides least, then is the first by name', () => {
    const feeds = [
      ...[feed('native', 'USD'), feed('EUR', 'USD')],
      ...[feed('native', 'GBP'), feed('GBP', 'EUR'), feed('native', 'CHF'), feed('CHF', 'EUR')],
    ];
    const [expected] = routes(feeds, 'EUR');
    expect(expected).toBe('native 0-: *native-CHF *CHF-EUR');
    expect(routes(feeds.toReversed(), 'EUR')).toEqual([expected]);
  });
});

describe('a price that crosses feeds', () => {
  const leg = (answer: bigint, decimals: number, isInverse = false) => {
    return { answer, decimals, isInverse };
  };

  test('a product is exact, a quotient is rounded once to 18 digits, half up', () => {
    expect(crossedPrice([leg(5n, 18), leg(7n, 8)])).toEqual({ answer: 35n, decimals: 26 });
    // 2000 / 1.1 = 1818.1818…
    expect(crossedPrice([leg(2000n, 0), leg(11n, 1, true)])).toEqual({
      answer: 1818_181_818_181_818_181_818n,
      decimals: 18,
    });
    // 2 / 3 = 0.666…7, and a half goes up.
    expect(crossedPrice([leg(2n, 0), leg(3n, 0, true)])?.answer).toBe(666_666_666_666_666_667n);
    expect(crossedPrice([leg(1n, 18), leg(2n, 0, true)])).toEqual({ answer: 1n, decimals: 18 });
  });

  test('a quotient that rounds to zero is not a price', () => {
    expect(crossedPrice([leg(1n, 18), leg(3n, 0, true)])).toBeNull();
  });

  test('a quotient differs from the exact one by half of its last digit at most', () => {
    const positive = fc.bigInt({ min: 1n, max: 10n ** 30n });
    const places = fc.nat({ max: 30 });
    fc.assert(
      fc.property(positive, places, positive, places, (a, of, b, by) => {
        const price = crossedPrice([leg(a, of), leg(b, by, true)]);
        // price / 10^18 - (a / 10^of) / (b / 10^by), times all denominators.
        const one = (price?.answer ?? 0n) * b * 10n ** BigInt(of);
        const other = a * 10n ** BigInt(by + 18);
        const half = b * 10n ** BigInt(of);
        const difference = 2n * (one - other);
        expect(difference <= half && difference > -half - 1n).toBe(true);
      }),
    );
  });

  test('values of the parts sum to the value of the whole', () => {
    const price = crossedPrice([leg(2000n, 0), leg(11n, 1, true)]) ?? leg(1n, 0);
    const digits = (amount: bigint) => worthOf(amount, 0, price);
    expect(digits(1n)).toBe('1818.181818181818181818');
    expect(digits(3n)).toBe(decimalFraction(3n * price.answer, 18));
  });
});
