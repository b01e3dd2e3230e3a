import type { OperationMix } from './spec.js';
import type { TokenContract } from './token/contract.js';

/** What was done on a generated chain, and what its tokens say at the end. */
export interface ChainTruth {
  /** Operations by kind; a payout and its snapshot are one settlement. */
  readonly made: Readonly<Record<keyof OperationMix, number>>;
  /** Of all tokens: `Transfer` logs, mints and burns among them. */
  readonly transfers: number;
  readonly tokens: readonly {
    readonly balanceWei: string;
    readonly supply: string;
    readonly redeemPoolWei: string;
    readonly snapshots: number;
  }[];
}

export function truthOf(
  tokens: readonly TokenContract[],
  made: ChainTruth['made'],
  transfers: number,
): ChainTruth {
  return {
    made,
    transfers,
    tokens: tokens.map(({ history: { figures } }) => ({
      balanceWei: String(figures.balanceWei),
      supply: String(figures.supply),
      redeemPoolWei: String(figures.redeemPoolWei),
      snapshots: figures.lastId,
    })),
  };
}
