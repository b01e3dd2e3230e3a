import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../../../src/store/embedded/embedded.js';
import { newProofDatabase } from '../proofSource.js';
import { Breaker } from './broken.js';
import { nothingCompared } from './compareSheets.js';
import { startDemo } from './demoWorld.js';
import type { FigureSheet } from './figures.js';
import { gapsOf } from './gaps.js';
import { startLife } from './lifeWorld.js';
import type { LivingWorld } from './livingWorld.js';
import { openWorld } from './openWorld.js';
import { RunProgress } from './progress.js';
import { proveReader } from './proveReader.js';
import { describeComparison, describeDifference } from './readerReport.js';
import { ALL_SURFACES } from './surfaces/all.js';

const LENGTH = { operationsBefore: 300, rounds: 30, assetOperations: 120 };
const SLOW_EVERY = 8;
const DIFFERENCES_SHOWN = 20;

/** What is made again by its seed. */
export interface ReaderRun {
  readonly seed: number;
  readonly lives: number;
  /** Draws of each world. */
  readonly steps: number;
  /** Whether the chain of the demo comes first. */
  readonly demo: boolean;
}

interface WorldsOptions extends ReaderRun {
  readonly say: (line: string) => void;
  readonly report: (line: string) => void;
}

/** Proves the demo and random lives, one after the other, until a figure differs. @returns whether none does */
export async function proveWorlds(options: WorldsOptions): Promise<boolean> {
  const { seed, lives, steps, demo, say, report } = options;
  const startedAt = Date.now();
  const database = await openEmbedded({
    folder: await mkdtemp(join(tmpdir(), 'imo-ledger-prove-')),
    ephemeral: true,
  });
  const total = nothingCompared();
  const breaker = new Breaker(ALL_SURFACES);
  const progress = new RunProgress(steps);
  const starts: (() => Promise<LivingWorld>)[] = [
    ...(demo ? [() => startDemo(seed)] : []),
    ...Array.from({ length: lives }, (_, life) => {
      return () => startLife(seed + life, LENGTH);
    }),
  ];
  try {
    for (const [place, start] of starts.entries()) {
      say(
        `world ${place + 1} of ${starts.length} comes to life; ${progress.begun(starts.length - place)}`,
      );
      const living = await start();
      try {
        say(`${living.name} is indexed`);
        const url = await newProofDatabase(database.url, `reader_${place}`);
        const world = await openWorld(living, url, (line) => say(`${living.name} ${line}`));
        const asked = { seed, draws: steps, slowEvery: SLOW_EVERY, surfaces: ALL_SURFACES };
        const onDraw = (text: string, sheets: readonly FigureSheet[]) => {
          breaker.tryOn(sheets);
          say(`${world.name}: ${text}; ${progress.drawn()}`);
        };
        await proveReader(world, { ...asked, onDraw }, total).finally(world.close);
      } finally {
        await living.stop();
      }
      if (total.differences.length > 0) break;
    }
  } finally {
    await database.close();
  }
  const gaps = total.differences.length > 0 ? [] : gapsOf(ALL_SURFACES, total);
  for (const one of total.differences.slice(0, DIFFERENCES_SHOWN)) report(describeDifference(one));
  for (const gap of gaps) report(gap);
  for (const line of describeComparison(ALL_SURFACES, total)) report(line);
  const { broken, unnoticed } = breaker.result();
  for (const name of unnoticed) report(`off by one, and not noticed: ${name}`);
  report(
    `${broken} figures were broken by one unit, ${broken - unnoticed.length} of them were noticed`,
  );
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  report(
    `seed ${seed}: ${starts.length} worlds, ${total.differences.length} differ (${seconds} s)`,
  );
  return total.differences.length + gaps.length + unnoticed.length === 0;
}
