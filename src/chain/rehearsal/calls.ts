import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import type { RehearsalStep } from '../../ledger/rehearsal.js';
import type { PoolState } from '../../ledger/state.js';
import { balanceWord, type RehearsedAsset } from './assetBalance.js';

/** Nobody has its key. It pays in, with a balance that the simulation gives it. */
export const PAYER: Address = '0x00000000000000000000000000000000f0007642';
/** Answers with the balance of the address that it is called with. */
const BALANCE_READER: Address = '0x00000000000000000000000000000000f0007643';
const BALANCE_READER_CODE = '0x6000353160005260206000f3';
const PLENTY_WEI = 10n ** 30n;
/** Fits where balances have 96 bits. */
const PLENTY_OF_ASSET = 10n ** 24n;

/** Longer than any interval between snapshots that was seen. */
const GAP_SECONDS = 400 * 24 * 3600;
const GAP_BLOCKS = 4_000_000;

/** The state that a rehearsal begins on. */
export interface Start {
  readonly holder: Address;
  readonly supply: bigint;
  /** By the holder, in token units. */
  readonly held: bigint;
  /** What the token holds: wei, or the smallest unit of the asset. */
  readonly balanceWei: bigint;
  /** What it shares; `null`: ETH. */
  readonly asset: RehearsedAsset | null;
  /** Of the block, in seconds. */
  readonly time: number;
  readonly block: number;
  /** By the books at the end of the block; `null`: the contract took no snapshot so far. */
  readonly pools: PoolState | null;
}

/** A call that nobody sends. */
export interface RehearsedCall {
  readonly from: Address;
  readonly to: Address;
  readonly valueWei: bigint;
  readonly data: string;
}

/** Number and time of the n-th simulated block, long after the one before. */
export function placeOf({ block, time }: Start, at: number) {
  return { number: quantity(block + at * GAP_BLOCKS), time: quantity(time + at * GAP_SECONDS) };
}

/** What the state has besides that of the chain. */
export function overridesOf({ holder, asset }: Start) {
  const balances = asset?.slots.map((slot) => [slot, balanceWord(PLENTY_OF_ASSET)]) ?? [];
  return {
    ...(asset === null ? {} : { [asset.address]: { stateDiff: Object.fromEntries(balances) } }),
    [PAYER]: { balance: quantity(PLENTY_WEI) },
    [holder]: { balance: quantity(PLENTY_WEI) },
    [BALANCE_READER]: { code: BALANCE_READER_CODE },
  };
}

export function callOf(
  token: Address,
  { holder, asset }: Start,
  step: RehearsalStep,
): RehearsedCall {
  const of = (from: Address, data: string, to = token) => ({ from, to, data, valueWei: 0n });
  switch (step.kind) {
    case 'receipt':
      if (asset !== null) {
        const data = erc20.transfer.encode({ to: token, amount: step.wei });
        return of(PAYER, data, asset.address);
      }
      return { from: PAYER, to: token, data: '0x', valueWei: step.wei };
    case 'snapshot':
      return of(holder, functions.snapshot.encode({}));
    case 'claim':
      return of(holder, functions.claim.encode({ snapshotId: BigInt(step.snapshotId) }));
    case 'transfer':
      return of(holder, erc20.transfer.encode({ to: PAYER, amount: step.amount }));
    case 'burn':
      return of(holder, functions.burn.encode({ amount: step.amount }));
    case 'claimable': {
      const asked = { account: holder, snapshotId: BigInt(step.snapshotId) };
      return of(PAYER, functions.claimableRevenue.encode(asked));
    }
    case 'redeemable':
      return of(PAYER, functions.redeemableOnBurn.encode({ amount: step.amount }));
    case 'balance':
      if (asset !== null) {
        return of(PAYER, erc20.balanceOf.encode({ account: token }), asset.address);
      }
      return {
        from: PAYER,
        to: BALANCE_READER,
        data: `0x${token.slice(2).padStart(64, '0')}`,
        valueWei: 0n,
      };
  }
}

export function quantity(value: number | bigint): string {
  return `0x${value.toString(16)}`;
}
