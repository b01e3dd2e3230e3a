import { entry, type JournalEntry } from '../journal.js';
import type { ModelState, RequestCharge } from './oracle.js';

/** An entry of an AI oracle, in the asset that it is in. */
export interface AssetEntry {
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  readonly entry: JournalEntry;
}

/** What a model had accrued when indexing began: nobody knows from which requests. */
export function openingEntry(modelId: bigint, { terms, accrued }: ModelState): AssetEntry {
  return {
    asset: terms.asset,
    entry: entry('opening', [
      { account: 'opening', amountWei: -accrued },
      { account: `upstream/${modelId}`, amountWei: accrued },
    ]),
  };
}

/** The fee of a request: the receiver's part accrues, the rest is the protocol's. */
export function accrualEntry(
  modelId: bigint,
  { asset, fee, receiverPart, protocolPart }: RequestCharge,
): AssetEntry {
  return {
    asset,
    entry: entry('accrual', [
      { account: 'income/requests', amountWei: -fee },
      { account: `upstream/${modelId}`, amountWei: receiverPart },
      { account: 'protocol', amountWei: protocolPart },
    ]),
  };
}

/** The accrued revenue went to the model's receiver. */
export function payoutEntry(modelId: bigint, asset: string, amount: bigint): AssetEntry {
  return {
    asset,
    entry: entry('payout', [
      { account: `upstream/${modelId}`, amountWei: -amount },
      { account: `paid-out/${modelId}`, amountWei: amount },
    ]),
  };
}

/**
 * A change of terms. Where it changes the token while revenue is accrued, the contract keeps
 * the number (docs/domain.md#ai-oracles): what it owed in the old one it now owes in the new one.
 */
export function termsEntries(modelId: bigint, before: ModelState, after: ModelState): AssetEntry[] {
  const { accrued } = after;
  if (before.terms.asset === after.terms.asset || accrued === 0n) return [];
  const moved = (asset: string, amountWei: bigint): AssetEntry => ({
    asset,
    entry: entry('token-change', [
      { account: `upstream/${modelId}`, amountWei },
      { account: `token-change/${modelId}`, amountWei: -amountWei },
    ]),
  });
  return [moved(before.terms.asset, -accrued), moved(after.terms.asset, accrued)];
}
