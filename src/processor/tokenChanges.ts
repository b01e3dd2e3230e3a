import type { Address } from '../address.js';
import type { ClaimToCheck } from '../store/claimCheck.js';

/** What changed for holders since the last commit, for their cache and for the checks. */
export class TokenChanges {
  readonly claims: ClaimToCheck[] = [];
  /** Holders whose balance changed, by token number. */
  readonly balances = new Map<number, Set<Address>>();
  private readonly paid = new Map<string, HolderPayment>();

  balanceChanged(tokenNumber: number, account: Address): void {
    let accounts = this.balances.get(tokenNumber);
    if (accounts === undefined) {
      accounts = new Set();
      this.balances.set(tokenNumber, accounts);
    }
    accounts.add(account);
  }

  claimed(claim: ClaimToCheck): void {
    this.claims.push(claim);
    this.paymentOf(claim.tokenNumber, claim.holder).claimedWei += claim.amountWei;
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

/** Wei paid to a holder since the last commit. */
export interface HolderPayment {
  readonly tokenNumber: number;
  readonly account: Address;
  claimedWei: bigint;
  redeemedWei: bigint;
}
