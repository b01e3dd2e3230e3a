import { describe, expect, it } from 'vitest';
import { attribute, type KnownSource } from '../../src/ledger/attribution.js';

const known = new Map<string, KnownSource>([
  ['oracle', 'oracle'],
  ['sale', 'sale'],
  ['cats', 'collection'],
  ['dogs', 'collection'],
  ['treasury', 'known'],
]);

/** Source, address and part. */
function of(path: string[], mintedBy: string | null = null, traded: string[] = []) {
  const { source, address, collectionPart } = attribute(path, null, known, { mintedBy, traded });
  return [source, address, collectionPart];
}

describe('the source of a receipt', () => {
  it('is the last contract of the offering on the way', () => {
    expect(of(['user', 'cats', 'treasury', 'sale', 'market'])).toEqual(['sale', 'sale', null]);
    expect(of(['user', 'oracle', 'cats'])).toEqual(['collection', 'cats', null]);
    expect(of(['treasury', 'user'])).toEqual(['known', 'treasury', null]);
    expect(of(['user'])).toEqual(['unknown', null, null]);
  });

  it('is a mint where a collection on the way minted, even through another one', () => {
    expect(of(['user', 'cats'], 'cats', ['cats'])).toEqual(['collection', 'cats', 'mint']);
    expect(of(['user', 'cats', 'dogs'], 'cats')).toEqual(['collection', 'cats', 'mint']);
    expect(of(['user', 'cats', 'oracle'], 'cats')).toEqual(['oracle', 'oracle', null]);
  });

  it('is a royalty where a token was traded, unless an oracle or a sale paid', () => {
    expect(of(['user', 'market'], null, ['cats'])).toEqual(['collection', 'cats', 'royalty']);
    expect(of(['treasury', 'market'], null, ['cats'])).toEqual(['collection', 'cats', 'royalty']);
    expect(of(['user', 'cats'], null, ['cats'])).toEqual(['collection', 'cats', 'royalty']);
    expect(of(['user', 'dogs'], null, ['cats'])).toEqual(['collection', 'dogs', null]);
    expect(of(['user', 'oracle'], null, ['cats'])).toEqual(['oracle', 'oracle', null]);
    expect(of(['user', 'market'], null, ['cats', 'dogs'])).toEqual(['collection', null, 'royalty']);
  });

  it('names the model only of the oracle that paid', () => {
    const payout = { oracle: 'oracle', modelId: 11n };
    expect(attribute(['user', 'oracle'], payout, known).modelId).toBe(11n);
    expect(attribute(['oracle', 'sale'], payout, known).modelId).toBeNull();
  });
});
