import DataLoader from 'dataloader';
import type { GasEstimate } from '../../chain/dryRun.js';
import type { ClaimNodes } from '../reads/node/claimNodes.js';
import type { ClaimStep } from './plan.js';

/** Gas of steps; one request asks for all steps of a chain. */
export type GasLoader = DataLoader<ClaimStep, GasEstimate>;

export function createGasLoader(claimNodes: ClaimNodes): GasLoader {
  return new DataLoader(async (steps) => {
    const byChain = new Map<number, ClaimStep[]>();
    for (const step of steps) {
      const { chainId } = step.transaction;
      byChain.set(chainId, [...(byChain.get(chainId) ?? []), step]);
    }
    const estimates = new Map<ClaimStep, GasEstimate>();
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
