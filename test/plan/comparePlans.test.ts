import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChainConfig } from '../../src/config/types.js';
import { comparePlans, findingKey, KINDS, toExamine } from '../../src/plan/comparePlans.js';
import { keyOf, type ListName, manifestOf } from '../../src/plan/manifest.js';
import {
  type EntryFinding,
  isEmptyPlan,
  joiningContracts,
  type Plan,
  type PlanFacts,
} from '../../src/plan/plan.js';
import { BOOKING_VERSION } from '../../src/processor/bookingVersions.js';
import { chainConfig } from '../support/programs/indexer.js';
import { addressOf, configs } from './manifests.js';

const HEAD = 100;
const START = 10;

/** A plan from one config to another in which the chain says the same of every entry. */
function planned(
  one: ChainConfig,
  other: ChainConfig,
  facts: Partial<PlanFacts> & { readonly finding?: EntryFinding } = {},
): Plan {
  const [stored, wanted] = [manifestOf(one), manifestOf(other)];
  const { finding = { startBlock: START, isSame: false } } = facts;
  return comparePlans(1, stored, wanted, {
    indexedTo: HEAD,
    registered: (Object.keys(KINDS) as ListName[]).flatMap((list) =>
      stored[list].map((entry) => {
        return { kind: KINDS[list] ?? 'token', address: keyOf(list, entry), startBlock: START };
      }),
    ),
    bookedBy: BOOKING_VERSION,
    versions: BOOKING_VERSION,
    findings: new Map(toExamine(stored, wanted).map((change) => [findingKey(change), finding])),
    passedOn: new Map(),
    ...facts,
  });
}

function config(more: Partial<ChainConfig>): ChainConfig {
  return chainConfig({
    chain: { chainId: 1, url: 'http://node' } as never,
    databaseUrl: '',
    tokens: [],
    more,
  });
}

const token = (n: number) => ({
  address: addressOf(n),
  policy: 'auto',
  startBlock: null,
  assets: [],
});
const named = (n: number, label: string | null = null) => {
  return { address: addressOf(n), startBlock: null, label };
};
const sale = (n: number, label: string | null = null) => {
  const rest = { kind: 'launchpad' as const, raiseAsset: null, custom: null };
  return { ...named(n, label), ...rest, token: addressOf(1) };
};

test('an unchanged config is an empty plan', () => {
  fc.assert(fc.property(configs, (chain) => isEmptyPlan(planned(chain, chain))));
});

test('every contract of either config is added, archived, booked again or left as it is', () => {
  fc.assert(
    fc.property(configs, configs, (one, other) => {
      const plan = planned(one, other);
      const [before, after] = [manifestOf(one), manifestOf(other)];
      for (const list of Object.keys(KINDS) as ListName[]) {
        const of = (contracts: readonly { kind: string; address: string }[]) =>
          contracts.filter(({ kind }) => kind === KINDS[list]).map(({ address }) => address);
        const was = before[list].map((entry) => keyOf(list, entry));
        const is = after[list].map((entry) => keyOf(list, entry));
        expect(of(plan.added)).toEqual(is.filter((address) => !was.includes(address)));
        expect(of(plan.archived)).toEqual(was.filter((address) => !is.includes(address)));
        for (const address of of(plan.rebooked)) {
          expect(was.includes(address) && is.includes(address)).toBe(true);
        }
      }
      expect(plan.refused).toEqual([]);
    }),
  );
});

test('a collection that comes or goes books all tokens and all other collections again', () => {
  const one = config({ tokens: [token(1), token(2)], collections: [named(3)], sales: [sale(4)] });
  const other = { ...one, collections: [named(3), named(5)] };
  for (const plan of [planned(one, other), planned(other, one)]) {
    expect(plan.rebooked.map(({ kind, address }) => [kind, address])).toEqual([
      ['token', addressOf(1)],
      ['token', addressOf(2)],
      ['collection', addressOf(3)],
    ]);
    expect(plan.rebooked[0]?.reasons).toEqual([{ because: 'collections' }]);
  }
});

test('a collection that starts after the indexed blocks changes no history', () => {
  const one = config({ tokens: [token(1)], collections: [named(3)] });
  const later = planned(
    one,
    { ...one, collections: [named(3), named(5)] },
    { finding: { startBlock: HEAD + 1, isSame: false } },
  );
  expect(later.added).toEqual([
    { kind: 'collection', address: addressOf(5), startBlock: HEAD + 1, hasPast: false },
  ]);
  expect(joiningContracts(later)).toEqual([]);
});

test('a token that comes or goes books the collections again, and no other token', () => {
  const one = config({ tokens: [token(1)], collections: [named(3)], oracles: [named(4)] });
  const other = { ...one, tokens: [token(1), token(2)] };
  for (const plan of [planned(one, other), planned(other, one)]) {
    expect(plan.rebooked).toEqual([
      {
        kind: 'collection',
        address: addressOf(3),
        startBlock: START,
        reasons: [{ because: 'tokens' }],
      },
    ]);
  }
});

test('a label, a sale or an oracle that comes or goes books the tokens again whose money passed it', () => {
  const one = config({ tokens: [token(1), token(2)] });
  const passedOn = new Map([[addressOf(9), [addressOf(2)]]]);
  const others: Partial<ChainConfig>[] = [
    { labels: [{ address: addressOf(9), name: 'treasury' }] },
    { sales: [sale(9)] },
    { oracles: [named(9)] },
  ];
  for (const more of others) {
    const other = { ...one, ...more };
    for (const plan of [planned(one, other, { passedOn }), planned(other, one, { passedOn })]) {
      expect(plan.rebooked).toEqual([
        {
          kind: 'token',
          address: addressOf(2),
          startBlock: START,
          reasons: [{ because: 'source', address: addressOf(9) }],
        },
      ]);
    }
  }
});

test('a label of a sale changes no attribution: the sale is the source already', () => {
  const one = config({ tokens: [token(1)], sales: [sale(9)] });
  const labels = [{ address: addressOf(9), name: 'sale' }];
  const plan = planned(
    one,
    { ...one, labels },
    {
      passedOn: new Map([[addressOf(9), [addressOf(1)]]]),
    },
  );
  expect(plan.rebooked).toEqual([]);
  expect(plan.labels).toHaveLength(1);
});

test('other names change nothing but the names', () => {
  const one = config({
    name: 'one',
    tokens: [token(1)],
    labels: [{ address: addressOf(7), name: 'x' }],
    sales: [sale(4, 'x')],
    collections: [named(3, 'x')],
    oracles: [named(5, 'x')],
  });
  const plan = planned(one, {
    ...one,
    name: 'two',
    labels: [{ address: addressOf(7), name: 'y' }],
    sales: [sale(4, 'y')],
    collections: [named(3, 'y')],
    oracles: [named(5, null)],
  });
  expect(plan.renamed.map(({ list }) => list)).toEqual([
    'labels',
    'sales',
    'collections',
    'oracles',
  ]);
  expect(plan.changes.name).toEqual({ before: 'one', after: 'two' });
  expect([plan.rebooked, plan.added, plan.archived, plan.unaffected]).toEqual([[], [], [], []]);
});

test('another policy or start block books the contract again only if the chain shows a difference', () => {
  const one = config({ tokens: [token(1)] });
  const other = config({ tokens: [{ ...token(1), policy: 'windowed', startBlock: 5 }] });
  expect(planned(one, other).rebooked[0]?.reasons).toEqual([
    { because: 'config', fields: ['policy', 'startBlock'] },
  ]);
  const same = planned(one, other, { finding: { startBlock: START, isSame: true } });
  expect(same.rebooked).toEqual([]);
  expect(same.unaffected.map(({ key }) => key)).toEqual([addressOf(1)]);
});

test('a program that books a kind otherwise books its contracts again, and says from which version', () => {
  const one = config({ tokens: [token(1)], sales: [sale(4)], oracles: [named(5)] });
  const versions = { ...BOOKING_VERSION, sale: BOOKING_VERSION.sale + 1 };
  expect(planned(one, one, { versions }).rebooked).toEqual([
    {
      kind: 'sale',
      address: addressOf(4),
      startBlock: START,
      reasons: [{ because: 'version', from: BOOKING_VERSION.sale, to: versions.sale }],
    },
  ]);
});

test('what the chain refuses is refused with its own code, and is neither added nor booked', () => {
  const one = config({ tokens: [token(1)] });
  const refusal = { code: 'TOKEN_NOT_A_CONTRACT', message: 'there is no contract', hint: 'Check.' };
  const plan = planned(one, config({ tokens: [token(1), token(2)] }), { finding: { refusal } });
  expect(plan.refused).toEqual([{ entry: `tokens ${addressOf(2)}`, ...refusal }]);
  expect(plan.added).toEqual([]);
});

test('a database without blocks and contracts is filled for the first time: nothing joins', () => {
  const plan = planned(config({}), config({ tokens: [token(1)] }), {
    indexedTo: null,
    finding: { startBlock: START, isSame: false },
  });
  expect(plan.isFirst).toBe(true);
  expect(joiningContracts(plan)).toEqual([]);
});
