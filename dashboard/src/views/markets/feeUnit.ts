import type { PaymentUnitFragment } from '../../ledger/generated/markets.js';
import type { Unit } from '../../parts/unit.js';
import { assetSymbol } from '../tokenName.js';
import { coinOf } from './list.js';

/** What is known of the money of a model: what it takes now, and what it was paid in before. */
interface Paid {
  readonly oracle: { readonly chainId: number };
  readonly payment: PaymentUnitFragment;
  readonly totals: readonly { readonly payment: PaymentUnitFragment }[];
}

/** What an amount of a model is counted in: the coin of its chain, or an ERC-20. */
export function feeUnit(
  { oracle, payment, totals }: Paid,
  paymentToken: string | null | undefined,
): Unit {
  if (paymentToken == null) return coinOf(oracle.chainId);
  const known = [payment, ...totals.map((one) => one.payment)];
  const found = known.find(({ address }) => address === paymentToken);
  return { symbol: assetSymbol(paymentToken, found?.symbol), decimals: found?.decimals ?? null };
}
