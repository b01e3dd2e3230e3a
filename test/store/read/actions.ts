import { type Address, ZERO_ADDRESS } from '../../../src/address.js';

/** What happens to a token in a test; each one is a transaction of its own. */
export type Action =
  | { readonly kind: 'receipt'; readonly payer: Address; readonly amountWei: bigint }
  | {
      readonly kind: 'transfer';
      readonly from: Address;
      readonly to: Address;
      readonly amount: bigint;
    }
  | { readonly kind: 'snapshot' }
  | {
      readonly kind: 'claim';
      readonly holder: Address;
      readonly snapshotId: number;
      readonly amountWei: bigint;
    }
  | {
      readonly kind: 'redemption';
      readonly holder: Address;
      readonly burned: bigint;
      readonly paidWei: bigint;
    };

export const receipt = (payer: Address, amountWei: bigint): Action => ({
  kind: 'receipt',
  payer,
  amountWei,
});
export const transfer = (from: Address, to: Address, amount: bigint): Action => ({
  kind: 'transfer',
  from,
  to,
  amount,
});
export const mint = (to: Address, amount: bigint) => transfer(ZERO_ADDRESS, to, amount);
export const snapshot = (): Action => ({ kind: 'snapshot' });
export const claim = (holder: Address, snapshotId: number, amountWei: bigint): Action => ({
  kind: 'claim',
  holder,
  snapshotId,
  amountWei,
});
/** A burn for revenue: the payment and the log of the burn. */
export const redeem = (holder: Address, burned: bigint, paidWei: bigint): Action[] => [
  { kind: 'redemption', holder, burned, paidWei },
  transfer(holder, ZERO_ADDRESS, burned),
];

const GENESIS_SECONDS = 1_700_000_000;

/** Blocks of the test chains come every 12 seconds. */
export function timeOf(block: number): Date {
  return new Date((GENESIS_SECONDS + 12 * block) * 1000);
}

/** `0x00…0c`: an account or a token, by number. */
export function accountOf(number: number): Address {
  return `0x${number.toString(16).padStart(40, '0')}`;
}

/** Hash of a block, or of one of its transactions, counted from 1. */
export function hashOf(chainId: number, block: number, transaction = 0): `0x${string}` {
  const parts = [chainId, block, transaction].map((part) => part.toString(16).padStart(8, '0'));
  return `0x${parts.join('')}${'ab'.repeat(20)}`;
}
