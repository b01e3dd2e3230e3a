import type { Address } from '../../../address.js';
import { trustedSymbol } from '../../../books/moneySymbols.js';
import { personThrough } from '../../../ledger/persons/through.js';
import { readDepositPools } from '../../../store/read/pools/depositPools.js';
import { readThrough } from '../../../store/read/pools/through.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import { readRevenueAssets } from '../../../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { type ChainPeriod, coinOf, type StatedAsset, type StatedThrough } from './statement.js';

/**
 * What the accounts are owed through pools at the closings, together: of each token in every asset, the chain's
 * own coin first. Ways that never gave anything are left out.
 */
export async function throughPools(
  db: Queryable,
  accounts: readonly Address[],
  tokens: readonly { readonly token: TokenRecord; readonly period: ChainPeriod }[],
): Promise<StatedThrough[]> {
  const pools = await readDepositPools(db);
  if (pools.length === 0) return [];
  const stated: StatedThrough[] = [];
  for (const { token, period } of tokens) {
    const block = period.closingBlock;
    for (const { asset, bookNumber } of await booksOf(db, token)) {
      const keys = accounts.map((account) => ({ token, account, block, bookNumber }));
      const ways = (await readThrough(db, pools, keys)).flat();
      for (const { path, entitlement } of personThrough(accounts, ways)) {
        const { totalClaimableWei, claimedWei, expiredWei, accruingWei, ...shares } = entitlement;
        const amounts = {
          accruing: accruingWei,
          claimable: totalClaimableWei,
          claimed: claimedWei,
          expired: expiredWei,
        };
        const isNothing = Object.values(amounts).every((amount) => amount === 0n);
        if (isNothing && shares.unknownSnapshots.length === 0) continue;
        stated.push({ token, asset, path, ...shares, ...amounts });
      }
    }
  }
  return stated;
}

async function booksOf(
  db: Queryable,
  { number, chainId }: TokenRecord,
): Promise<{ readonly asset: StatedAsset; readonly bookNumber: number }[]> {
  const shared = await readRevenueAssets(db, [number]);
  return [
    { asset: coinOf(chainId), bookNumber: number },
    ...shared.map(({ number: bookNumber, asset, symbol, decimals }) => ({
      asset: { address: asset, symbol: trustedSymbol(chainId, asset, symbol), decimals },
      bookNumber,
    })),
  ];
}
