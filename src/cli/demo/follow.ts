import { setTimeout as delay } from 'node:timers/promises';
import { keepLiving } from '../../../devnet/life.js';
import type { IndexProgress } from '../../processor/indexerOptions.js';
import { formatCount } from '../output/rate.js';
import { DEMO_SEED, type DemoChain } from './chain.js';

const LINE_EVERY_MS = 10_000;

/** Lets the chain live on and writes a line about it now and then, until the signal aborts. */
export async function followLife(options: {
  chain: DemoChain;
  /** The newest that the indexer reported. */
  progress: () => IndexProgress | null;
  secondsPerBlock: number;
  signal: AbortSignal;
}): Promise<void> {
  const { chain, progress, secondsPerBlock, signal } = options;
  const sent = { operations: 0, reverted: 0 };
  const living = keepLiving(chain.anvil, chain.offering, {
    seed: DEMO_SEED,
    secondsPerBlock,
    signal,
    onBlock({ operations, reverted, snapshotOf }) {
      sent.operations += operations;
      sent.reverted += reverted;
      if (snapshotOf !== undefined) writeLine(`a snapshot of ${snapshotOf} was taken`);
    },
  });
  await Promise.all([living, writeLines(progress, sent, signal)]);
}

async function writeLines(
  progress: () => IndexProgress | null,
  sent: { operations: number; reverted: number },
  signal: AbortSignal,
): Promise<void> {
  let before = progress()?.operations ?? 0;
  while (!signal.aborted) {
    await delay(LINE_EVERY_MS, undefined, { signal }).catch(() => undefined);
    const now = progress();
    if (signal.aborted || now === null) continue;
    const { operations, reverted } = sent;
    Object.assign(sent, { operations: 0, reverted: 0 });
    writeLine(
      `block ${formatCount(now.indexedBlock)} indexed, ${now.operations - before} new entries ` +
        `(${operations} transactions sent, ${reverted} of them reverted)`,
    );
    before = now.operations;
  }
}

function writeLine(text: string): void {
  process.stdout.write(`${new Date().toLocaleTimeString('en-GB')}  ${text}\n`);
}
