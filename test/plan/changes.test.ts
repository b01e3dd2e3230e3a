import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changesOf, isUnchanged, withChanges } from '../../src/plan/changes.js';
import { manifestFromStore, manifestOf } from '../../src/plan/manifest.js';
import { changedSources } from '../../src/plan/sources.js';
import { configs, reversed } from './manifests.js';

test('the changes from one manifest to another, made to the one, give the other', () => {
  fc.assert(
    fc.property(configs, configs, (one, other) => {
      const [before, after] = [manifestOf(one), manifestOf(other)];
      expect(withChanges(before, changesOf(before, after))).toEqual(after);
    }),
  );
});

test('a manifest has no changes to itself, whatever the order of its lists', () => {
  fc.assert(
    fc.property(configs, (chain) => {
      expect(manifestOf(reversed(chain))).toEqual(manifestOf(chain));
      expect(isUnchanged(changesOf(manifestOf(chain), manifestOf(reversed(chain))))).toBe(true);
    }),
  );
});

test('a manifest is the same after the database has kept it as JSON', () => {
  fc.assert(
    fc.property(configs, (chain) => {
      const manifest = manifestOf(chain);
      expect(manifestFromStore(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
    }),
  );
});

test('a list that an older program did not know is empty in its manifests', () => {
  expect(manifestFromStore({ name: 'one', tokens: [] }).oracles).toEqual([]);
});

test('a manifest with a list that is not known is of a newer program', () => {
  expect(() => manifestFromStore({ name: 'one', vaults: [] })).toThrowError(
    expect.objectContaining({ code: 'MANIFEST_UNKNOWN' }),
  );
});

test('changed sources are the same in both directions, and none without a change', () => {
  fc.assert(
    fc.property(configs, configs, (one, other) => {
      const [before, after] = [manifestOf(one), manifestOf(other)];
      expect(changedSources(before, after)).toEqual(changedSources(after, before));
      expect(changedSources(before, before)).toEqual([]);
    }),
  );
});

test('the start block of a chain counts as that of each contract without one', () => {
  fc.assert(
    fc.property(configs, (chain) => {
      const startBlock = chain.startBlock;
      const own = {
        ...chain,
        startBlock: null,
        tokens: chain.tokens.map((one) => ({ ...one, startBlock: one.startBlock ?? startBlock })),
        sales: chain.sales.map((one) => ({ ...one, startBlock: one.startBlock ?? startBlock })),
        collections: chain.collections.map((one) => {
          return { ...one, startBlock: one.startBlock ?? startBlock };
        }),
        oracles: chain.oracles.map((one) => ({ ...one, startBlock: one.startBlock ?? startBlock })),
        lookThrough: (chain.lookThrough ?? []).map((one) => {
          return { ...one, startBlock: one.startBlock ?? startBlock };
        }),
      };
      expect(manifestOf(own)).toEqual(manifestOf(chain));
    }),
  );
});
