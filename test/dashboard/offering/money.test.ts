import { expect, test } from 'vitest';
import { moneyOf } from '../../../dashboard/src/views/offering/money.js';
import type { OfferingToken } from '../../../dashboard/src/views/offering/offering.js';

const pools = { newRevenueWei: 9n, redeemedFromNewWei: 2n, claimableWei: 5n, redeemableWei: 3n };
const snapshots = { nodes: [], pageInfo: { hasNextPage: false } };
const asset = { address: '0xa', received: 20n, claimed: 4n, redeemed: 1n, pools, snapshots };

/** A token as far as its money needs it. */
function token(revenue: string, assets: readonly object[]): OfferingToken {
  const own = { receivedWei: 15n, claimedWei: 1n, redeemedWei: 6n, pools, snapshots };
  return { ...own, assets, policy: { parts: { revenue } } } as unknown as OfferingToken;
}

test('a token shows its coin first, then each ERC-20 that it shares', () => {
  const money = moneyOf(
    token('eth-and-assets', [{ ...asset, symbol: 'USDC', decimals: 6 }]),
    'ETH',
  );
  expect(money.map(({ unit }) => unit)).toEqual([
    { symbol: 'ETH', decimals: 18 },
    { symbol: 'USDC', decimals: 6 },
  ]);
  expect(money.map(({ received }) => received)).toEqual([15n, 20n]);
});

test('what burners were paid of new revenue waits for no snapshot', () => {
  expect(moneyOf(token('eth', []), 'ETH').map(({ waiting }) => waiting)).toEqual([7n]);
});

test('a token that shares one ERC-20 shows that alone', () => {
  expect(moneyOf(token('one-asset', [asset]), 'ETH').map((money) => money.asset)).toEqual(['0xa']);
});

test('a symbol that is long or turns texts around is cut', () => {
  const symbol = `\u202e${'x'.repeat(300)}`;
  const [, money] = moneyOf(token('eth-and-assets', [{ ...asset, symbol }]), 'ETH');
  expect(money?.unit).toEqual({ symbol: `${'x'.repeat(11)}…`, decimals: null });
});
