import type { Address } from '../address.js';

/** What changed for holders since the last commit, for the cache of newest states. */
export class HolderChanges {
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

  claimed(tokenNumber: number, account: Address, amountWei: bigint): void {
    const payment = this.paymentOf(tokenNumber, account);
    payment.claimedWei += amountWei;
  }

  redeemed(tokenNumber: number, account: Address, amountWei: bigint): void {
    const payment = this.paymentOf(tokenNumber, account);
    payment.redeemedWei += amountWei;
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
