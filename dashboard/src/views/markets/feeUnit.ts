import type { Unit } from '../../parts/unit.js';
import { coinOf } from './list.js';

/** What a model is paid in: the coin of its chain, or an ERC-20 that the page knows nothing of. */
export function feeUnit(
  { oracle }: { readonly oracle: { readonly chainId: number } },
  paymentToken: string | null | undefined,
): Unit {
  return paymentToken == null ? coinOf(oracle.chainId) : { symbol: null, decimals: null };
}
