// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import { latestBlock } from './chain.js';
import type { Holder } from './holder.js';
import {
  call,
  claimOf,
  drawClaim,
  drawRevenue,
  type Offering,
  play,
  type Stage,
  takeSnapshot,
} from './offering.js';
import { fillLaunchpad } from './offeringSales.js';
import { claimReentrantly, doAllAtOnce } from './offeringScenes.js';
import { setTheStage } from './offeringStage.js';
import { liveOneWeek } from './offeringWeek.js';

export { keepLiving } from './keepLiving.js';
export type { Offering } from './offering.js';

export interface OfferingOptions {
  seed: number | bigint | string;
  /** Accounts that hold tokens, in addition to two contracts. Default 48. */
  holders?: number;
  /** Months of the life, each with a snapshot of every token at its end. Default 3. */
  months?: number;
  /** Called with the current event, and the part of the life that is over, in percent. */
  onProgress?: (what: string, percent: number) => void;
}

const MONTHS = 3;
const WEEKS_PER_MONTH = 4;
/** After the last snapshot, so that its claims and some new revenue are there. */
const LAST_WEEKS = 1;

/** A little more than the offering's life, so that a chain can start that long ago. */
export function offeringLifeSeconds(months = MONTHS): number {
  return (weeksOf(months) * 7 + 3) * 86_400;
}

function weeksOf(months: number): number {
  return months * WEEKS_PER_MONTH + LAST_WEEKS;
}

/**
 * Plays the life of an offering on a fresh chain, three months of it in about 3700 blocks: three
 * tokens, an oversubscribed launchpad and its settlement, listing, requests to models at
 * changing terms, mints of two collections, model revenue and other revenue by several ways,
 * three snapshots of each token or more, claims, burns, a re-entrant claim and a router that
 * does all at once. Afterwards the node mines by itself again. The same seed gives the same
 * chain on the same genesis.
 */
export async function buildOffering(chain: Chain, options: OfferingOptions): Promise<Offering> {
  const { seed, holders = 48, months = MONTHS, onProgress } = options;
  const weeks = weeksOf(months);
  const blocks = await BlockMaker.takeOver(chain);
  onProgress?.('deploying the tokens', 0);
  const stage = await setTheStage(chain, blocks, seed, holders);
  onProgress?.('distributing the tokens', 5);
  await distribute(stage);
  await fillLaunchpad(stage);

  for (let week = 0; week < weeks; week += 1) {
    const weekOfMonth = 1 + (week % WEEKS_PER_MONTH);
    onProgress?.(`week ${week + 1} of ${weeks}`, 10 + Math.floor((90 * week) / weeks));
    const isLast = week === weeks - 1;
    await liveOneWeek(stage, { week, ofMonth: weekOfMonth, isLast });
    if (weekOfMonth < WEEKS_PER_MONTH) continue;
    const month = (week + 1) / WEEKS_PER_MONTH;
    await takeSnapshots(stage);
    if (month === 2) await claimReentrantly(stage);
    if (month === 3) await doAllAtOnce(stage);
  }
  await play(
    stage,
    stage.offering.tokens.map((token) => drawRevenue(stage, token)),
  );
  await blocks.handBack();
  onProgress?.('done', 100);
  const { number: lastBlock, timestamp: lastTimestamp } = await latestBlock(chain);
  return { ...stage.offering, claimed: stage.claimed, lastBlock, lastTimestamp };
}

/** Two fifths go to early backers: the n-th of them gets about 1/n of the first's part. */
async function distribute(stage: Stage): Promise<void> {
  const { offering, random, book } = stage;
  for (const token of offering.tokens) {
    const holders = random.shuffled(offering.holders).filter(() => random.chance(90));
    const weights = holders.map((_, rank) => BigInt(Math.floor(1_000_000 / (rank + 1))));
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    const supply = book.balanceOf(token.address, offering.founder);
    const transactions = holders.map((holder, rank) => {
      const part = ((supply * 2n) / 5n) * (weights[rank] ?? 0n);
      const amount = part / total - random.bigint(10n ** 15n);
      return call(token, { kind: 'account', address: offering.founder }, 'transfer', [
        holder.address,
        amount,
      ]);
    });
    await play(stage, transactions);
  }
}

async function takeSnapshots(stage: Stage): Promise<void> {
  const { tokens } = stage.offering;
  await play(
    stage,
    tokens.map((token) => drawRevenue(stage, token)),
  );
  await play(
    stage,
    tokens.map((token) => takeSnapshot(stage, token)),
  );
  const founder: Holder = { kind: 'account', address: stage.offering.founder };
  await play(
    stage,
    tokens.flatMap((token) => [
      claimOf(stage, token, founder),
      drawClaim(stage, token),
      drawClaim(stage, token),
    ]),
  );
}
