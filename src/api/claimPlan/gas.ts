import DataLoader from 'dataloader';
import type { GasEstimate, UnsentTransaction } from '../../chain/dryRun.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { ClaimNodes } from '../reads/node/claimNodes.js';

/** A transaction that is planned, and the moment that it was planned for. */
export interface PlannedTransaction {
  readonly asOf: AsOf;
  readonly transaction: UnsentTransaction & { readonly chainId: number };
}

/** Gas of planned transactions; one request asks for all of a chain. */
export type GasLoader = DataLoader<PlannedTransaction, GasEstimate>;

export function createGasLoader(claimNodes: ClaimNodes): GasLoader {
  return new DataLoader(async (steps) => {
    const byChain = new Map<number, PlannedTransaction[]>();
    for (const step of steps) {
      const { chainId } = step.transaction;
      byChain.set(chainId, [...(byChain.get(chainId) ?? []), step]);
    }
    const estimates = new Map<PlannedTransaction, GasEstimate>();
    await Promise.all(
      [...byChain].map(async ([chainId, ofChain]) => {
        const block = ofChain[0]?.asOf.block ?? 0;
        const transactions = ofChain.map(({ transaction }) => transaction);
        const answers = await claimNodes.estimate(chainId, block, transactions);
        for (const [index, step] of ofChain.entries()) {
          const answer = answers[index];
          if (answer !== undefined) estimates.set(step, answer);
        }
      }),
    );
    return steps.map((step) => estimates.get(step) ?? new RangeError('no gas was estimated'));
  });
}
