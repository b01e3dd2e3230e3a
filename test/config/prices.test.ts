import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/load.js';

const TOKEN = `0x${'11'.repeat(20)}`;
const FEED = `0x${'22'.repeat(20)}`;
const OTHER = `0x${'33'.repeat(20)}`;

function parse(...entries: string[]) {
  const list = entries.map((entry) => `      - {${entry}}\n`).join('');
  const source =
    `chains:\n  - id: 1\n    rpc: http://localhost:8545\n    tokens: [{address: '${TOKEN}'}]\n` +
    `    prices:\n${list}`;
  return parseConfig('imo.yaml', source, {}).chains[0]?.prices;
}

const problem = (text: string) =>
  expect.objectContaining({ message: expect.stringContaining(text) });

test('a feed needs an asset, a currency and an aggregator', () => {
  expect(parse(`asset: native, currency: USD, aggregator: '${FEED}'`)).toEqual([
    {
      asset: 'native',
      currency: 'USD',
      aggregator: FEED,
      startBlock: null,
      staleAfterSeconds: null,
    },
  ]);
  const entry = `asset: '${OTHER}', currency: EUR, aggregator: '${FEED}', startBlock: 7, staleAfterSeconds: 3600`;
  expect(parse(entry)).toEqual([
    { asset: OTHER, currency: 'EUR', aggregator: FEED, startBlock: 7, staleAfterSeconds: 3600 },
  ]);
});

test('an error names the place of the mistake', () => {
  expect(() => parse(`asset: native, currency: usd, aggregator: '${FEED}'`)).toThrow(
    problem('prices[0].currency (line 6): "usd" is not the code of a currency'),
  );
  expect(() => parse('asset: native, currency: USD')).toThrow(
    problem('prices[0].aggregator (line 6): is missing'),
  );
  expect(() => parse(`asset: native, currency: USD, aggregator: '${FEED}', stale: 1`)).toThrow(
    problem('the key "stale" is not known here'),
  );
  expect(() =>
    parse(`asset: native, currency: USD, aggregator: '${FEED}', staleAfterSeconds: 0`),
  ).toThrow(problem('0 is less than 1'));
  expect(() => parse(`asset: coin, currency: USD, aggregator: '${FEED}'`)).toThrow(
    problem('prices[0].asset'),
  );
});

test('two feeds may follow each other, but not start at the same block', () => {
  const first = `asset: native, currency: USD, aggregator: '${FEED}'`;
  const second = `asset: native, currency: USD, aggregator: '${OTHER}'`;
  expect(() => parse(first, second)).toThrow(
    problem('prices[0] says the price of native in USD from the same block on'),
  );
  expect(parse(first, `${second}, startBlock: 9`)).toHaveLength(2);
  expect(parse(first, `asset: '${OTHER}', currency: USD, aggregator: '${FEED}'`)).toHaveLength(2);
  expect(() => parse(first, `${first}, startBlock: 9`)).toThrow(problem('comes from the same'));
});

test('a feed may price a currency, so that values cross to it, but not in itself', () => {
  expect(parse(`asset: EUR, currency: USD, aggregator: '${FEED}'`)).toEqual([
    { asset: 'EUR', currency: 'USD', aggregator: FEED, startBlock: null, staleAfterSeconds: null },
  ]);
  expect(() => parse(`asset: EUR, currency: EUR, aggregator: '${FEED}'`)).toThrow(
    problem('the price of EUR in EUR is always 1'),
  );
});
