// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionReceipt, TransactionRequest } from './chain.js';
import { drawBurn, drawClaim, drawRevenue, drawTransfer, type Stage } from './offering.js';
import { drawGift, drawMint } from './offeringCollections.js';
import { drawLateSettlement, drawTrade } from './offeringMarket.js';
import { OFFERING_MODELS } from './offeringModels.js';
import { claimModel, drawFeeChange, drawRequest, drawResult } from './offeringUsage.js';
import { tipToken } from './untracedMoney.js';

type Draw = (stage: Stage) => TransactionRequest | null | Promise<TransactionRequest | null>;

/** What happens while an offering lives on, and how often. */
const OPERATIONS: readonly (readonly [Draw, number])[] = [
  [(stage) => drawTransfer(stage, stage.random.pick(stage.offering.tokens)), 26],
  [(stage) => drawRevenue(stage, stage.random.pick(stage.offering.tokens)), 8],
  [drawAnyClaim, 16],
  [(stage) => drawBurn(stage, stage.random.pick(stage.offering.tokens)), 4],
  [drawRequest, 20],
  [(stage) => claimModel(stage, stage.random.pick(OFFERING_MODELS)), 4],
  [drawFeeChange, 1],
  [drawMint, 7],
  [drawGift, 2],
  [drawTrade, 10],
  [drawLateSettlement, 2],
];
const RESULT_PERCENT = 60;

/** The operations of one block, a result of the oracle as the last of them. */
export async function drawOperations(stage: Stage, count: number): Promise<TransactionRequest[]> {
  // At the end: the price of gas that requests bring is that before the block.
  const result = stage.random.chance(RESULT_PERCENT) ? drawResult(stage) : null;
  const results = result === null ? [] : [result];
  const operations: TransactionRequest[] = [];
  while (operations.length < count - results.length) {
    const draw = stage.random.weighted(OPERATIONS);
    const drawn = await draw(stage);
    if (drawn !== null) operations.push(drawn);
  }
  return [...operations, ...results];
}

/** A block whose tips go to a token: revenue that no call explains. */
export function tipSomeToken({ offering, random, blocks }: Stage): Promise<TransactionReceipt[]> {
  const { oracles, payers: accounts, tokens } = offering;
  const world = { chain: oracles.chain, random, blocks, accounts, untraced: [] };
  return tipToken(world, random.pick(tokens));
}

function drawAnyClaim(stage: Stage): TransactionRequest | null {
  const { random, offering, book } = stage;
  const token = random.pick(offering.tokens);
  return book.lastSnapshotId(token.address) > 0n ? drawClaim(stage, token) : null;
}
