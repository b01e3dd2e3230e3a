import { type Anvil, startAnvil } from '../../../devnet/anvil.js';
import { buildOffering, type Offering, offeringLifeSeconds } from '../../../devnet/life.js';
import { formatDuration } from '../output/rate.js';
import type { Closers } from './closers.js';

/** The same chain at each run: what one person sees, another can look up. */
export const DEMO_SEED = 7641;
/** The indexer asks for the state at the deployments, thousands of blocks back. */
const HISTORY_BLOCKS = 6_000;

export interface DemoChain {
  readonly anvil: Anvil;
  readonly offering: Offering;
}

/** A local node with the life of an offering on it, up to about now; by default all of it. */
export async function startDemoChain(
  closers: Closers,
  onProgress: (what: string, percent: number) => void,
  months?: number,
): Promise<DemoChain> {
  const genesisTimestamp = Math.floor(Date.now() / 1000) - offeringLifeSeconds(months);
  const anvil = await startAnvil({ genesisTimestamp, historyBlocks: HISTORY_BLOCKS });
  closers.add(() => anvil.stop());
  const startedAt = performance.now();
  const offering = await buildOffering(anvil, {
    seed: DEMO_SEED,
    ...(months === undefined ? {} : { months }),
    onProgress(what, percent) {
      const perSecond = (percent * 1000) / (performance.now() - startedAt);
      const left = formatDuration((100 - percent) / perSecond);
      onProgress(`${what} │ ${perSecond.toFixed(0)} %/s │ ETA ${left}`, percent);
    },
  });
  return { anvil, offering };
}
