import { describe, expect, test } from 'vitest';
import { german } from '../../../dashboard/src/texts/de.js';
import { english } from '../../../dashboard/src/texts/en.js';
import { policyParts, policySentences } from '../../../dashboard/src/views/offering/policyText.js';
import { POLICY_RULES } from '../../../src/ledger/policies/known/list.js';
import { PART_WORDS, type PolicyParts } from '../../../src/ledger/policies/parts.js';

const NAMES = { coin: 'ETH', asset: 'USDC' };

/** A policy as the API answers it, of a contract with a window of 3, 80 % and a week between snapshots. */
function answered(name: string, parts: PolicyParts) {
  const { percent, window, interval } = parts;
  return {
    name,
    percentClaimable: percent === 'getter' ? 80 : percent,
    window: window === 'getter' ? 3 : window === 'none' ? null : window,
    interval: interval === 'getter' ? 604_800n : null,
    intervalUnit: interval === 'getter' ? ('SECONDS' as const) : null,
    isPaused: null,
    parts: {
      revenue: parts.revenue,
      percent: String(percent),
      window: String(window),
      rounding: parts.rounding,
      rollOver: parts.rollOver,
      interval: typeof interval === 'string' ? interval : 'stated',
      snapshots: parts.snapshots,
    },
  };
}

describe.each([
  ['English', english],
  ['German', german],
])('in %s', (_, { policy: t }) => {
  test.each(POLICY_RULES.map(({ name, parts }) => [name, parts] as const))(
    'the policy %s is said in sentences with its parameters',
    (name, parts) => {
      const policy = answered(name, parts);
      const sentences = policySentences(policy, t, NAMES);
      const all = policy.percentClaimable === 100;
      expect(sentences[0]).toBe(all ? t.sharesAll : t.shares(80, 20));
      expect(sentences).toContain(policy.window === null ? t.forEver : t.untilMore('3'));
      expect(sentences).toContain(
        policy.interval === null ? t.intervalUnknown : t.everyDays('7', false),
      );
      expect(sentences).toContain(t.snapshots[parts.snapshots]);
      expect(sentences.includes(t.rollOver[parts.rollOver] ?? '')).toBe(policy.window !== null);
      expect(sentences.includes(t.onlyAsset('USDC', 'ETH'))).toBe(parts.revenue === 'one-asset');
      expect(sentences.includes(t.alsoAssets('ETH'))).toBe(parts.revenue === 'eth-and-assets');
    },
  );

  test.each(POLICY_RULES.map(({ name, parts }) => [name, parts] as const))(
    'each part of the policy %s has a value',
    (name, parts) => {
      const rows = policyParts(answered(name, parts), t);
      expect(rows.map(({ name: of }) => of)).toEqual(Object.values(t.names));
      for (const { value } of rows) expect(value).not.toBe('');
      expect(rows[0]?.value).toBe(name);
    },
  );

  test('every word of a part has a sentence of its own', () => {
    for (const part of ['rounding', 'rollOver', 'snapshots'] as const) {
      expect(Object.keys(t[part])).toEqual([...PART_WORDS[part]]);
    }
  });
});

test.each([
  [3_600n, 'SECONDS', 'There is more than 1 hour between two snapshots.'],
  [90n, 'SECONDS', 'There are more than 90 seconds between two snapshots.'],
  [648_000n, 'BLOCKS', 'There are more than 648\u202f000 blocks between two snapshots.'],
  [0n, 'SECONDS', 'A snapshot can be taken at any moment.'],
] as const)('an interval of %s %s is said in words', (interval, intervalUnit, text) => {
  const [rules] = POLICY_RULES;
  if (rules === undefined) throw new Error('there is no policy');
  const policy = { ...answered(rules.name, rules.parts), interval, intervalUnit };
  expect(policySentences(policy, english.policy, NAMES)).toContain(text);
});

test('a policy that is paused says so, and a word that the page does not know is left out', () => {
  const [rules] = POLICY_RULES;
  if (rules === undefined) throw new Error('there is no policy');
  const policy = answered(rules.name, rules.parts);
  const odd = { ...policy, isPaused: true, parts: { ...policy.parts, snapshots: 'toString' } };
  const sentences = policySentences(odd, english.policy, NAMES);
  expect(sentences.at(-1)).toBe('Claims are paused at present.');
  expect(sentences.every((sentence) => typeof sentence === 'string')).toBe(true);
  expect(policyParts(odd, english.policy).at(-1)?.value).toBe('toString');
});
