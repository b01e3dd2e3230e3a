import { describe, expect, it } from 'vitest';
import type { Address } from '../../../src/address.js';
import type { ChainConfig } from '../../../src/config/types.js';
import { attemptMark, isChanged } from '../../../src/processor/holding/attemptMark.js';

const HELD: Address = `0x${'1'.repeat(40)}`;
const OTHER: Address = `0x${'2'.repeat(40)}`;
const token = (address: Address, policy = 'auto') => {
  return { address, policy, startBlock: null, assets: [] };
};
const collection = (address: Address, label: string | null = null) => {
  return { address, startBlock: null, label };
};
const chain: ChainConfig = {
  id: 1,
  name: 'ethereum',
  rpcUrl: 'http://one',
  fallbackRpcUrls: [],
  gatewayUrl: null,
  finalityConfirmation: 10,
  startBlock: null,
  headPollIntervalSeconds: 1,
  tokens: [token(HELD), token(OTHER)],
  labels: [],
  sales: [],
  collections: [],
  oracles: [],
};
const held = { kind: 'token', address: HELD } as const;

describe('a contract is held until its own config, its endpoints or the program changes', () => {
  const isTriedAgain = (change: Partial<ChainConfig>) =>
    isChanged(attemptMark(chain, held), attemptMark({ ...chain, ...change }, held));

  const WITHOUT_EFFECT: Readonly<Record<string, Partial<ChainConfig>>> = {
    'another token': { tokens: [token(HELD), token(OTHER, 'windowed')] },
    'a token that comes': { tokens: [...chain.tokens, token(`0x${'3'.repeat(40)}`)] },
    'a collection': { collections: [collection(OTHER)] },
    'a label': { labels: [{ address: OTHER, name: 'payer' }] },
    'a name, finality and polling': {
      ...{ name: 'mainnet', finalityConfirmation: 20, headPollIntervalSeconds: 2 },
    },
    'a price feed': {
      prices: [
        {
          ...{ asset: 'native', currency: 'USD', aggregator: OTHER },
          ...{ startBlock: null, staleAfterSeconds: null },
        },
      ],
    },
  };
  it.each(Object.entries(WITHOUT_EFFECT))('%s does not rewind the chain for it', (_, change) => {
    expect(isTriedAgain(change)).toBe(false);
  });

  const WITH_EFFECT: Readonly<Record<string, Partial<ChainConfig>>> = {
    'its policy': { tokens: [token(HELD, 'windowed'), token(OTHER)] },
    'another endpoint': { rpcUrl: 'http://two' },
    'one more endpoint': { fallbackRpcUrls: ['http://two'] },
    'a longer time for traces': { traceTimeoutSeconds: 60 },
    'a cache that is switched off': { cache: null },
  };
  it.each(Object.entries(WITH_EFFECT))('%s has its blocks read again', (_, change) => {
    expect(isTriedAgain(change)).toBe(true);
  });

  it('a contract that a factory created depends on the factories', () => {
    const created = { kind: 'token', address: `0x${'4'.repeat(40)}` } as const;
    const other = { ...chain, factories: [] };
    expect(isChanged(attemptMark(chain, created), attemptMark(other, created))).toBe(true);
    expect(isTriedAgain({ factories: [] })).toBe(false);
  });

  it('a name of the contract has no effect', () => {
    const pictures = { kind: 'collection', address: OTHER } as const;
    const marks = [null, 'cats'].map((label) =>
      attemptMark({ ...chain, collections: [collection(OTHER, label)] }, pictures),
    );
    expect(marks[0]).toEqual(marks[1]);
  });
});
