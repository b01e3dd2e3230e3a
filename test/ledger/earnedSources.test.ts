import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  apportioned,
  type BySource,
  MIXED,
  sourcesOfSnapshots,
} from '../../src/ledger/earnedSources.js';

const wei = fc.bigInt(0n, 2n ** 256n - 1n);
const parts = fc.dictionary(fc.string({ minLength: 1, maxLength: 3 }), wei);
const bySource = (given: Readonly<Record<string, bigint>>): BySource =>
  new Map(Object.entries(given));
const sumOf = (all: BySource) => [...all.values()].reduce((sum, one) => sum + one, 0n);

describe('a share by source', () => {
  test('adds up to the share, and no part is a whole wei away from its exact one', () => {
    fc.assert(
      fc.property(wei, parts, (whole, given) => {
        const divided = apportioned(whole, bySource(given));
        expect(sumOf(divided)).toBe(whole);
        const all = sumOf(bySource(given));
        for (const [name, part] of Object.entries(given)) {
          if (all === 0n) continue;
          const amount = divided.get(name) ?? 0n;
          const tooMuch = amount * all - whole * part;
          expect(tooMuch < all && tooMuch > -all, name).toBe(true);
        }
      }),
      { seed: 7641 },
    );
  });

  test('gives the wei that rounding leaves to the largest remainders, then by name', () => {
    // 10/3 each leaves one wei; 10 * 5 / 16 = 3.125, 10 * 11 / 16 = 6.875.
    expect(apportioned(10n, bySource({ b: 1n, a: 1n, c: 1n }))).toEqual(
      bySource({ a: 4n, b: 3n, c: 3n }),
    );
    expect(apportioned(10n, bySource({ a: 5n, b: 11n }))).toEqual(bySource({ a: 3n, b: 7n }));
  });
});

describe('the sources of a snapshot', () => {
  const first = {
    snapshotId: 1,
    newRevenueWei: 1000n,
    freshWei: 600n,
    rolledOverWei: 0n,
    rolledOverFrom: null,
    received: bySource({ oracle: 750n, mint: 250n }),
  };

  test('are those of the revenue that came in before it, and of what rolled over', () => {
    const third = {
      ...{ snapshotId: 3, newRevenueWei: 100n, freshWei: 60n },
      ...{ rolledOverWei: 200n, rolledOverFrom: 1, received: bySource({ mint: 100n }) },
    };
    const sources = sourcesOfSnapshots([first, third]);
    expect(sources.get(1)).toEqual(bySource({ oracle: 450n, mint: 150n }));
    expect(sources.get(3)).toEqual(bySource({ oracle: 150n, mint: 110n }));
  });

  test('are mixed where the receipts are not the new revenue', () => {
    const second = { ...first, snapshotId: 2, newRevenueWei: 1001n };
    expect(sourcesOfSnapshots([second]).get(2)).toEqual(bySource({ [MIXED]: 600n }));
  });
});
