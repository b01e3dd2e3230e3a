// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionRequest } from './chain.js';
import { drawBurn, drawClaim, drawRevenue, drawTransfer, play, type Stage } from './offering.js';
import { drawGift, drawMint } from './offeringCollections.js';
import { closePools, drawTrade, openFixedPrice, openPool } from './offeringMarket.js';
import { OFFERING_MODELS } from './offeringModels.js';
import { drawRound } from './offeringPrices.js';
import { drawDeposits, settleLaunchpad } from './offeringSales.js';
import { changeTerms, claimModel, drawRequest, drawResult } from './offeringUsage.js';
import { raiseBalance, tipToken } from './untracedMoney.js';

const BUSY_BLOCKS_PER_WEEK = 8;
/** Four weeks of these, and the blocks with something in them, make more than 1000. */
const QUIET_BLOCKS_BEFORE_EACH = 31;
const SECONDS_PER_QUIET_BLOCK = 2_300;
const DEPOSITS_PER_BLOCK = 9;
const VALIDATOR_STEP_WEI = 17_000_000_000_123n; // about 0.1 ETH, as of a withdrawal

/**
 * Lives one week of the offering.
 * @param week counted from 0
 * @param ofMonth the same, counted from 1 after each snapshot
 * @param isLast what the models earn in it is not brought to the tokens any more
 */
export async function liveOneWeek(
  stage: Stage,
  { week, ofMonth, isLast }: { week: number; ofMonth: number; isLast: boolean },
): Promise<void> {
  await beginWeek(stage, week);
  for (let count = 0; count < BUSY_BLOCKS_PER_WEEK; count += 1) {
    await stage.blocks.skip(QUIET_BLOCKS_BEFORE_EACH, SECONDS_PER_QUIET_BLOCK);
    const drawn = [drawRound(stage.offering.prices), ...(await drawBusyBlock(stage))];
    await play(stage, drawn, stage.random.integer(12, 1_800));
  }
  if (!isLast) await claimModels(stage);
  await claimShares(stage, ofMonth);
}

/** What is planned for the week: the sales open and close, the models' terms change. */
async function beginWeek(stage: Stage, week: number): Promise<void> {
  await changeTerms(stage, week);
  switch (week) {
    case 1:
      await settleLaunchpad(stage);
      break;
    case 2:
      await openPool(stage, {
        symbol: 'MRD',
        label: 'Meridian listing pool',
        dollars: 150_000n,
        tokens: 60_000_000n,
        days: 42,
      });
      break;
    case 4:
      await openFixedPrice(stage, { symbol: 'LEX', label: 'Lexicon open sale' });
      break;
    case 5:
      await receiveUntraced(stage);
      break;
    case 9:
      await closePools(stage);
      await openPool(stage, {
        symbol: 'ATL',
        label: 'Atelier listing pool',
        dollars: 90_000n,
        tokens: 12_000_000n,
        days: 3_650,
      });
      break;
    default:
  }
}

async function drawBusyBlock(stage: Stage): Promise<TransactionRequest[]> {
  const { random, offering } = stage;
  const many = (least: number, most: number, draw: () => TransactionRequest | null) =>
    Array.from({ length: random.integer(least, most) }, draw).filter((drawn) => drawn !== null);
  const token = () => random.pick(offering.tokens);
  const trade = random.chance(70) ? await drawTrade(stage) : null;
  return [
    ...(await drawDeposits(stage, DEPOSITS_PER_BLOCK)),
    ...many(1, 3, () => drawTransfer(stage, token())),
    ...many(0, 1, () => drawRevenue(stage, token())),
    ...many(1, 3, () => drawRequest(stage)),
    ...many(0, 2, () => drawMint(stage)),
    ...many(0, 1, () => (random.chance(40) ? drawGift(stage) : null)),
    ...(trade === null ? [] : [trade]),
    // At the end: the price of gas that requests bring is that before the block.
    ...many(1, 4, () => drawResult(stage)),
  ];
}

/** Somebody brings the revenue of most models to their tokens. */
async function claimModels(stage: Stage): Promise<void> {
  const models = OFFERING_MODELS.filter(() => stage.random.chance(75));
  await play(
    stage,
    models.map((model) => claimModel(stage, model)),
  );
}

/** Claims of holders and a burn, more claims after a snapshot. */
async function claimShares(stage: Stage, ofMonth: number): Promise<void> {
  const { offering, random, book } = stage;
  const opened = offering.tokens.filter(({ address }) => book.lastSnapshotId(address) > 0n);
  if (opened.length === 0) return;
  // Most who claim do it soon after the snapshot, and some never do.
  const claims = Array.from({ length: Math.floor(36 / ofMonth) }, () =>
    drawClaim(stage, random.pick(opened)),
  );
  await play(stage, [...claims, drawBurn(stage, random.pick(opened))]);
}

/** Withdrawals of a validator and the tip of a block: money that no call brings. */
async function receiveUntraced({ offering, blocks, random }: Stage): Promise<void> {
  const { chain } = offering.oracles;
  const world = { chain, blocks, random, accounts: offering.payers, untraced: [] };
  for (const token of offering.tokens) {
    await raiseBalance(world, token, VALIDATOR_STEP_WEI * BigInt(random.integer(1_000, 9_000)));
  }
  const [first] = offering.tokens;
  if (first !== undefined) await tipToken(world, first);
}
