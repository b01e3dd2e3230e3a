import {
  applyRedemption,
  applySupplyChange,
  burnRates,
  quoteOf,
  type TokenRules,
} from './apply.js';
import type { HolderBook } from './claimPlan.js';
import { accruingWei } from './entitlement.js';

/** What burning some tokens of a holder does in one asset of the token, in its smallest unit. */
export interface BurnQuote {
  /** What `burn(amount)` pays. */
  readonly paysWei: bigint;
  /** The holder's part of what a snapshot taken now would assign. */
  readonly accruingWei: bigint;
  /** The same if it is taken after the burn: fewer tokens have a part, of what is left. */
  readonly accruingAfterWei: bigint;
}

/**
 * Quotes a burn before it is made (docs/domain.md#reference, #windowed, row `burn`).
 *
 * @param balance of the holder now
 * @param amount token units, at most the balance
 * @returns `null` where the contract cannot compute what to pay, and reverts
 */
export function burnQuoteOf(
  rules: TokenRules,
  { state }: HolderBook,
  balance: bigint,
  amount: bigint,
): BurnQuote | null {
  const rates = burnRates(rules, state);
  const quote = rates === null ? null : quoteOf(rates, amount);
  if (quote === null) return null;
  const paysWei = quote.fromNewWei + quote.fromPoolWei;
  const paid = applyRedemption(rules, state, amount, paysWei).state;
  const after = applySupplyChange(paid, -amount);
  return {
    paysWei,
    accruingWei: accruingWei(rules, state, balance),
    accruingAfterWei: accruingWei(rules, after, balance - amount),
  };
}
