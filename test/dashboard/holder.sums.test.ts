import { expect, test } from 'vitest';
import { costsOf } from '../../dashboard/src/views/holder/costs.js';
import {
  type Earning,
  earnedColumns,
  earningsOf,
} from '../../dashboard/src/views/holder/earnings.js';
import type { OwedAsset, OwedToken, Person } from '../../dashboard/src/views/holder/owed.js';

const NOTHING: OwedAsset = {
  address: null,
  symbol: null,
  decimals: 18,
  assigned: 0n,
  claimable: 0n,
  claimed: 0n,
  redeemed: 0n,
  expired: 0n,
  redeemable: 0n,
  accruing: 0n,
  snapshots: [],
  hasMore: false,
};

function owed(address: string, asset: Partial<OwedAsset>): OwedToken {
  const token = { chainId: 1, address } as OwedToken['token'];
  const asOf = { chainId: 1, block: 1 } as OwedToken['asOf'];
  return { token, asOf, balance: 0n, accounts: [], assets: [{ ...NOTHING, ...asset }] };
}

type Source = Earning['steps'][number]['sources'][number];

const from = (source: Source['source'], amountWei: bigint, more: Partial<Source> = {}): Source => ({
  ...{ source, sourceAddress: null, sourceLabel: null, modelId: null },
  ...{ amountWei, ...more },
});
const step = (month: string, sources: readonly Source[], redeemedWei = 0n) => ({
  from: `${month}-01T00:00:00.000Z`,
  redeemedWei,
  sources: [...sources],
});

test('columns of months begin with the first month that earned, by source, with what burns paid at the end', () => {
  const earning = { chainId: 1, asset: null };
  const model = { sourceAddress: '0xc', sourceLabel: 'Oracle', modelId: 7n };
  const [drawing, ...others] = earnedColumns([
    {
      ...earning,
      token: '0xa',
      steps: [
        step('2026-01', []),
        step('2026-02', [from('ORACLE', 5n, model)], 1n),
        step('2026-03', [from('ORACLE', 7n, model), from(null, 2n)]),
      ],
    },
    { ...earning, token: '0xb', steps: [step('2026-03', [from('UNKNOWN', 11n)], 2n)] },
  ]);
  expect(others).toEqual([]);
  expect(drawing?.columns).toEqual([
    { name: '2026-02', values: [5n, 0n, 0n, 1n] },
    { name: '2026-03', values: [7n, 11n, 2n, 2n] },
  ]);
  expect(drawing?.series).toEqual([
    {
      ...{ kind: 'source', token: '0xa', label: 'Oracle', mark: 0 },
      source: { source: 'ORACLE', address: '0xc', modelId: 7n },
    },
    {
      ...{ kind: 'source', token: '0xb', label: null, mark: 1 },
      source: { source: 'UNKNOWN', address: null, modelId: null },
    },
    { kind: 'rest', mark: 5 },
    { kind: 'burned', mark: 7 },
  ]);
});

test('the six largest sources have parts of their own, and the others are added up', () => {
  const sources = [3n, 9n, 1n, 7n, 5n, 8n, 2n, 4n].map((amount, index) =>
    from('COLLECTION', amount, { sourceAddress: `0x${index}` }),
  );
  const steps = [step('2026-01', sources)];
  const [drawing] = earnedColumns([{ chainId: 1, token: '0xa', asset: null, steps }]);
  expect(drawing?.columns[0]?.values).toEqual([9n, 8n, 7n, 5n, 4n, 3n, 3n]);
  expect(new Set(drawing?.series.map(({ mark }) => mark)).size).toBe(7);
});

test('money of different assets is in drawings of its own', () => {
  const steps = [step('2026-01', [from('SALE', 1n)])];
  const drawings = earnedColumns([
    { chainId: 1, token: '0xa', asset: null, steps },
    { chainId: 1, token: '0xa', asset: '0xd', steps },
    { chainId: 2, token: '0xa', asset: null, steps },
  ]);
  expect(drawings.map(({ chainId, asset }) => [chainId, asset])).toEqual([
    [1, null],
    [1, '0xd'],
    [2, null],
  ]);
});

test('a drawing has the five tokens that earned most, and says how many are left out', () => {
  const tokens = [3n, 9n, 1n, 7n, 5n, 8n, 0n].map((assigned, index) =>
    owed(`0x${index}`, { assigned }),
  );
  const { asked, others } = earningsOf(tokens);
  expect(asked.map(({ asset }) => asset.assigned)).toEqual([9n, 8n, 7n, 5n, 3n]);
  expect(others).toBe(1);
});

test('what came back is what was claimed, can be claimed and was paid for burns, in the money of the sale', () => {
  const participation = (raise: string | null, paid: bigint, isFinal: boolean) =>
    ({
      costBasis: { paid, got: 10n, isFinal, raise: { address: raise } },
      sale: { chainId: 1, tokenAddress: '0xa' },
    }) as Person['participations'][number];
  const tokens = [owed('0xa', { claimable: 3n, claimed: 4n, redeemed: 5n, expired: 100n })];
  const costs = costsOf(
    [
      participation(null, 20n, true),
      participation(null, 30n, false),
      participation('0xd', 1n, true),
    ],
    tokens,
  );
  expect(costs.map(({ paid, got, isFinal, earned }) => [paid, got, isFinal, earned])).toEqual([
    [50n, 20n, false, 12n],
    [1n, 10n, true, null],
  ]);
});
