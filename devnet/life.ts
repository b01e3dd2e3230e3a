// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import { latestBlock, type TransactionRequest } from './chain.js';
import {
  allHolders,
  call,
  drawBurn,
  drawClaim,
  drawRevenue,
  drawTransfer,
  type Offering,
  play,
  type Stage,
  takeSnapshot,
} from './offering.js';
import { deployOfferingContracts, deployOfferingTokens } from './offeringContracts.js';
import { claimReentrantly, doAllAtOnce } from './offeringScenes.js';
import { SeededRandom } from './random.js';
import { TokenBook } from './tokenBook.js';

export { keepLiving } from './keepLiving.js';
export type { Offering } from './offering.js';
export type { OfferingToken } from './offeringContracts.js';

export interface OfferingOptions {
  seed: number | bigint | string;
  /** Accounts that hold tokens, beside two contracts. Default 48. */
  holders?: number;
  /** Told what is going on, and the part of the life that is over, in percent. */
  onProgress?: (what: string, percent: number) => void;
}

const PAYERS = 8;
/** Each ends with a snapshot of every token. */
const CHAPTERS = 3;
const WEEKS_PER_CHAPTER = 4;
/** After the last snapshot, so that its claims and some new revenue are there. */
const LAST_WEEKS = 1;
const WEEKS = CHAPTERS * WEEKS_PER_CHAPTER + LAST_WEEKS;
/** Four of these, and the blocks with something in them, make more than 1000. */
const QUIET_BLOCKS_PER_WEEK = 245;
const BUSY_BLOCKS_PER_WEEK = 8;
const SECONDS_PER_QUIET_BLOCK = 2_400;

/** A little more than the offering's life, so that a chain can be begun that long ago. */
export const OFFERING_LIFE_SECONDS = (WEEKS * 7 + 3) * 86_400;

/**
 * Plays the life of an offering on a fresh chain, three months of it in about 3600 blocks: three
 * tokens, distribution, transfers, revenue by several ways, three snapshots of each token or
 * more, claims, burns, a re-entrant claim and a router that does all at once. Afterwards
 * the node mines by itself again. The same seed gives the same chain on the same genesis.
 */
export async function buildOffering(chain: Chain, options: OfferingOptions): Promise<Offering> {
  const { seed, holders = 48, onProgress } = options;
  const blocks = await BlockMaker.takeOver(chain);
  onProgress?.('deploying the tokens', 0);
  const stage = await setTheStage(chain, blocks, seed, holders);
  onProgress?.('distributing the tokens', 5);
  await distribute(stage);

  for (let week = 0; week < WEEKS; week += 1) {
    const weekOfChapter = 1 + (week % WEEKS_PER_CHAPTER);
    onProgress?.(`week ${week + 1} of ${WEEKS}`, 10 + Math.floor((90 * week) / WEEKS));
    await liveOneWeek(stage, weekOfChapter);
    if (weekOfChapter < WEEKS_PER_CHAPTER) continue;
    const chapter = (week + 1) / WEEKS_PER_CHAPTER;
    await takeSnapshots(stage);
    if (chapter === 2) await claimReentrantly(stage);
    if (chapter === 3) await doAllAtOnce(stage);
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

async function setTheStage(
  chain: Chain,
  blocks: BlockMaker,
  seed: OfferingOptions['seed'],
  holderCount: number,
): Promise<Stage> {
  const [founder = '', treasury = ''] = await createActors(chain, `founder ${seed}`, 2);
  const payers = await createActors(chain, `payer ${seed}`, PAYERS);
  const accounts = await createActors(chain, `holder ${seed}`, holderCount);
  const tokens = await deployOfferingTokens(chain, founder);
  const addresses = tokens.map(({ address }) => address);
  const contracts = await deployOfferingContracts(chain, founder, [...addresses, treasury]);
  await blocks.catchUp();

  const book = await TokenBook.open(chain, addresses);
  const holders = allHolders(accounts, contracts, founder);
  const { chainId } = chain;
  const offering = { chainId, tokens, founder, holders, payers, ...contracts };
  const random = new SeededRandom(`life ${seed}`);
  return { offering, random, blocks, book, claimed: new Set() };
}

/** A third stays with the founder; the n-th of the others gets about 1/n of the first's part. */
async function distribute(stage: Stage): Promise<void> {
  const { offering, random, book } = stage;
  for (const token of offering.tokens) {
    const holders = random.shuffled(offering.holders).filter(() => random.chance(90));
    const weights = holders.map((_, rank) => BigInt(Math.floor(1_000_000 / (rank + 1))));
    const total = weights.reduce((sum, weight) => sum + weight, 0n);
    const supply = book.balanceOf(token.address, offering.founder);
    const transactions = holders.map((holder, rank) => {
      const part = ((supply * 2n) / 3n) * (weights[rank] ?? 0n);
      const amount = part / total - random.bigint(10n ** 15n);
      return call(token, { kind: 'account', address: offering.founder }, 'transfer', [
        holder.address,
        amount,
      ]);
    });
    await play(stage, transactions);
  }
}

async function liveOneWeek(stage: Stage, week: number): Promise<void> {
  const { offering, random, blocks } = stage;
  await blocks.skip(QUIET_BLOCKS_PER_WEEK, SECONDS_PER_QUIET_BLOCK);
  for (let count = 0; count < BUSY_BLOCKS_PER_WEEK; count += 1) {
    const transactions: TransactionRequest[] = [];
    for (let left = random.integer(2, 5); left > 0; left -= 1) {
      const token = random.pick(offering.tokens);
      transactions.push(random.chance(55) ? drawTransfer(stage, token) : drawRevenue(stage, token));
    }
    await play(stage, transactions, random.integer(12, 1_800));
  }
  const opened = offering.tokens.filter(({ address }) => stage.book.lastSnapshotId(address) > 0n);
  if (opened.length === 0) return;
  // Most who claim do it soon after the snapshot, and some never do.
  const claims = Array.from({ length: Math.floor(36 / week) }, () =>
    drawClaim(stage, random.pick(opened)),
  );
  await play(stage, [...claims, drawBurn(stage, random.pick(opened))]);
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
  await play(
    stage,
    tokens.flatMap((token) => [drawClaim(stage, token), drawClaim(stage, token)]),
  );
}
