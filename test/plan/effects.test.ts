import { expect, test } from 'vitest';
import { KEYS } from '../../src/config/schema.js';
import { EFFECTS } from '../../src/plan/effects.js';
import { LIST_NAMES, MANIFEST_LISTS } from '../../src/plan/manifest.js';

test('every key of imo.yaml has a stated effect, and nothing else has one', () => {
  const stated = Object.entries(EFFECTS).map(([level, keys]) => [
    level,
    Object.keys(keys).toSorted(),
  ]);
  const known = Object.entries(KEYS).map(([level, keys]) => [level, keys.toSorted()]);
  expect(Object.fromEntries(stated)).toEqual(Object.fromEntries(known));
});

test('the manifest has the lists of a chain, and tells their entries apart by their identity', () => {
  const lists = Object.entries(EFFECTS.chains ?? {}).filter(([, effect]) => effect === 'list');
  expect(lists.map(([name]) => name).toSorted()).toEqual(LIST_NAMES.toSorted());
  for (const list of LIST_NAMES) {
    const identity = Object.entries(EFFECTS[list] ?? {}).flatMap(([key, effect]) =>
      effect === 'identity' ? key : [],
    );
    expect(identity, list).toEqual([...MANIFEST_LISTS[list]]);
  }
});
