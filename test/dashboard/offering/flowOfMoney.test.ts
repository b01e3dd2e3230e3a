import { describe, expect, test } from 'vitest';
import { english } from '../../../dashboard/src/texts/en.js';
import { flowOfMoney } from '../../../dashboard/src/views/offering/flowOfMoney.js';
import type { Money } from '../../../dashboard/src/views/offering/money.js';

const money: Money = {
  asset: null,
  unit: { symbol: 'ETH', decimals: 18 },
  received: 100n,
  claimed: 40n,
  redeemed: 3n,
  waiting: 10n,
  claimable: 30n,
  redeemable: 17n,
  snapshots: [],
  hasOlder: false,
};
const sources = [
  { source: 'ORACLE' as const, value: 60n },
  { source: 'SALE' as const, value: 40n },
];
const snapshot = (snapshotId: number, state: 'OPEN' | 'EXPIRED', unclaimedWei: bigint) => ({
  snapshotId,
  timestamp: '2026-03-01T00:00:00.000Z',
  block: snapshotId,
  claimableWei: unclaimedWei,
  freshWei: 0n,
  rolledOverWei: 0n,
  claimedWei: 0n,
  unclaimedWei,
  dustWei: 0n,
  supply: 1n,
  state,
  perWholeToken: null,
});
const amountAt = (flow: ReturnType<typeof flowOfMoney>, id: string) =>
  flow.places.find((place) => place.id === id)?.value;

describe('where the money of a token is', () => {
  test('every wei that was received is in one place', () => {
    const flow = flowOfMoney(money, sources, 5n, null, english.offering);
    expect(flow.broken).toEqual([]);
    const last = flow.places.filter(({ column }) => column === 3);
    expect(last.reduce((sum, { value }) => sum + value, 0n)).toBe(100n);
  });

  test('what has accrued upstream is shown, and is in no sum', () => {
    const flow = flowOfMoney(money, sources, 5n, null, english.offering);
    expect(amountAt(flow, 'upstream')).toBe(5n);
    expect(flow.links.some(({ from, to }) => [from, to].includes('upstream'))).toBe(false);
  });

  test('a wei that is nowhere breaks the flow', () => {
    const flow = flowOfMoney({ ...money, waiting: 9n }, sources, 0n, null, english.offering);
    expect(flow.broken).toEqual(['received']);
  });

  test('sources that are not the whole break the flow', () => {
    const flow = flowOfMoney(money, sources.slice(0, 1), 0n, null, english.offering);
    expect(flow.broken).toEqual(['received']);
  });

  test('what expired and nothing shares again is separate from what can be claimed', () => {
    const snapshots = [
      snapshot(3, 'OPEN', 12n),
      snapshot(2, 'OPEN', 10n),
      snapshot(1, 'EXPIRED', 8n),
    ];
    const flow = flowOfMoney({ ...money, snapshots }, sources, 0n, 2, english.offering);
    expect([amountAt(flow, 'claimable'), amountAt(flow, 'stuck')]).toEqual([22n, 8n]);
    expect(flow.broken).toEqual([]);
  });

  test('without a window nothing expires', () => {
    const snapshots = [snapshot(2, 'OPEN', 10n), snapshot(1, 'OPEN', 8n)];
    const flow = flowOfMoney({ ...money, snapshots }, sources, 0n, null, english.offering);
    expect([amountAt(flow, 'claimable'), amountAt(flow, 'stuck')]).toEqual([30n, 0n]);
  });

  test('while open snapshots are missing from the list, the page does not guess what expired', () => {
    const flow = flowOfMoney(
      { ...money, snapshots: [snapshot(40, 'OPEN', 1n)], hasOlder: true },
      sources,
      0n,
      5,
      english.offering,
    );
    expect(amountAt(flow, 'stuck')).toBe(0n);
  });
});
