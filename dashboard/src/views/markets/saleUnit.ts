import type { SaleUnitFragment } from '../../ledger/generated/markets.js';
import type { Unit } from '../../parts/unit.js';
import { assetSymbol } from '../tokenName.js';
import { coinOf } from './list.js';

/** What a sale is paid in. */
export function saleUnit({
  chainId,
  raise,
}: {
  readonly chainId: number;
  readonly raise: SaleUnitFragment;
}): Unit {
  if (raise.address == null) return coinOf(chainId);
  return { symbol: assetSymbol(raise.address, raise.symbol), decimals: raise.decimals ?? null };
}
