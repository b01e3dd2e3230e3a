import type { Address } from '../../../address.js';
import type { ClaimToCheck } from '../../../store/write/claimCheck.js';
import type { HeldBalance } from './balances.js';

/** What changed for holders since the last commit, for their cache and for the checks. */
export class TokenChanges {
  readonly claims: ClaimToCheck[] = [];
  /** Holders whose balance changed, by token number. */
  private readonly changed = new Map<number, HeldBalance[]>();
  private readonly paid = new Map<string, HolderPayment>();

  balanceChanged(tokenNumber: number, held: HeldBalance): void {
    if (held.isChanged) return;
    held.isChanged = true;
    const others = this.changed.get(tokenNumber);
    if (others === undefined) this.changed.set(tokenNumber, [held]);
    else others.push(held);
  }

  /** Takes them out: from now on they count as unchanged. */
  takeBalances(tokenNumber: number): readonly HeldBalance[] {
    const taken = this.changed.get(tokenNumber) ?? [];
    this.changed.delete(tokenNumber);
    for (const held of taken) held.isChanged = false;
    return taken;
  }

  /** @param tokenNumber of the token; the claim names the number of its books in one asset */
  claimed(tokenNumber: number, claim: Omit<ClaimToCheck, 'bookNumber'> & RowNumber): void {
    this.claims.push({ ...claim, bookNumber: claim.tokenNumber, tokenNumber });
    // Lists of holders are ordered by ETH.
    if (claim.tokenNumber !== tokenNumber) return;
    this.paymentOf(tokenNumber, claim.holder).claimedWei += claim.amountWei;
  }

  redeemed(tokenNumber: number, account: Address, amountWei: bigint): void {
    this.paymentOf(tokenNumber, account).redeemedWei += amountWei;
  }

  payments(): HolderPayment[] {
    return [...this.paid.values()];
  }

  private paymentOf(tokenNumber: number, account: Address): HolderPayment {
    const key = `${tokenNumber} ${account}`;
    let payment = this.paid.get(key);
    if (payment === undefined) {
      payment = { tokenNumber, account, claimedWei: 0n, redeemedWei: 0n };
      this.paid.set(key, payment);
    }
    return payment;
  }
}

interface RowNumber {
  readonly tokenNumber: number;
}

/** Wei paid to a holder since the last commit. */
export interface HolderPayment {
  readonly tokenNumber: number;
  readonly account: Address;
  claimedWei: bigint;
  redeemedWei: bigint;
}
