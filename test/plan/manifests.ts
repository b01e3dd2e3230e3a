import fc from 'fast-check';
import type { Address } from '../../src/address.js';
import type { PriceFeedConfig } from '../../src/config/contracts/prices.js';
import type { PoolConfig } from '../../src/config/pools/pools.js';
import type { ChainConfig, TokenConfig } from '../../src/config/types.js';
import { chainConfig } from '../support/programs/indexer.js';

/** Address number `n` of a set of a few, so that lists of two configs share some. */
export function addressOf(n: number): Address {
  return `0x${n.toString(16).padStart(40, '0')}`;
}

const address = fc.nat({ max: 5 }).map(addressOf);
const startBlock = fc.option(fc.nat({ max: 2 }), { nil: null });
const label = fc.option(fc.constantFrom('a', 'b'), { nil: null });
const byAddress = { selector: (entry: { address: Address }) => entry.address, maxLength: 4 };

const token: fc.Arbitrary<TokenConfig> = fc.record({
  address,
  policy: fc.constantFrom('auto', 'windowed', { like: 'windowed', parts: { window: 3 } as const }),
  startBlock,
  assets: fc.uniqueArray(address, { maxLength: 3 }),
});
const fragments = ['event A(uint256 a)', 'event B(uint256 b)', 'event C(uint256 c)'];
const custom = fc.uniqueArray(fc.constantFrom(...fragments), { minLength: 1 }).map((events) => ({
  events: events.map((fragment) => ({ fragment, entries: [] })),
}));
const sale = fc.record({
  address,
  kind: fc.constantFrom('launchpad' as const, 'custom' as const),
  token: address,
  raiseAsset: fc.option(fc.constant('native' as const), { nil: null }),
  startBlock,
  label,
  custom: fc.option(custom, { nil: null }),
});
const feed: fc.Arbitrary<PriceFeedConfig> = fc.record({
  asset: fc.constant('native' as const),
  currency: fc.constantFrom('USD', 'EUR'),
  aggregator: address,
  startBlock,
  staleAfterSeconds: fc.option(fc.constantFrom(60, 120), { nil: null }),
});
const named = fc.record({ address, startBlock, label });

const depositPool: fc.Arbitrary<PoolConfig> = fc.record({
  address,
  kind: fc.constantFrom('erc4626' as const, 'shares' as const),
  token: address,
  startBlock,
  label,
  custom: fc.constant(null),
});

/** Configs of one chain, often alike. */
export const configs: fc.Arbitrary<ChainConfig> = fc
  .record({
    name: fc.constantFrom('one', 'two'),
    startBlock,
    tokens: fc.uniqueArray(token, byAddress),
    labels: fc.uniqueArray(fc.record({ address, name: fc.constantFrom('x', 'y') }), byAddress),
    sales: fc.uniqueArray(sale, byAddress),
    collections: fc.uniqueArray(named, byAddress),
    oracles: fc.uniqueArray(named, byAddress),
    lookThrough: fc.uniqueArray(depositPool, byAddress),
    prices: fc.uniqueArray(feed, {
      selector: ({ currency, aggregator }) => `${currency} ${aggregator}`,
      maxLength: 3,
    }),
  })
  .map((more) =>
    chainConfig({
      chain: { chainId: 1, url: 'http://node' } as never,
      databaseUrl: '',
      tokens: [],
      more,
    }),
  );

/** The same config with all of its lists in another order. */
export function reversed(chain: ChainConfig): ChainConfig {
  return {
    ...chain,
    tokens: chain.tokens.map((one) => ({ ...one, assets: one.assets.toReversed() })).toReversed(),
    labels: chain.labels.toReversed(),
    sales: chain.sales
      .map((one) =>
        one.custom === null ? one : { ...one, custom: { events: one.custom.events.toReversed() } },
      )
      .toReversed(),
    collections: chain.collections.toReversed(),
    oracles: chain.oracles.toReversed(),
    lookThrough: (chain.lookThrough ?? []).toReversed(),
    prices: (chain.prices ?? []).toReversed(),
  };
}
