// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import type { TransactionRequest } from './chain.js';
import { type DeployedContract, deployContract, encodeCall } from './deploy.js';
import type { SeededRandom } from './random.js';

/** A feed of the price of ETH in dollars. */
export interface OfferingPrices {
  aggregator: DeployedContract;
  /** Who publishes its rounds. */
  publisher: string;
  /** Its own, so that what others draw does not depend on it. */
  random: SeededRandom;
  /** The newest answer. */
  answer: bigint;
}

const DECIMALS = 8;
const FIRST_ANSWER = 2_412_37000000n; // 2,412.37 dollars
/** How far a round goes at most, in basis points. */
const STEP = 250;

export async function deployOfferingPrices(
  chain: Chain,
  random: SeededRandom,
  publisher: string,
): Promise<OfferingPrices> {
  const aggregator = await deployContract(chain, 'PriceAggregator', [DECIMALS, 'ETH / USD'], {
    from: publisher,
  });
  return { aggregator, publisher, random: random.fork('prices'), answer: FIRST_ANSWER };
}

/** The next round: the price goes up or down a little. */
export function drawRound(prices: OfferingPrices): TransactionRequest {
  const { aggregator, publisher, random } = prices;
  const step = BigInt(random.integer(-STEP, STEP));
  prices.answer += (prices.answer * step) / 10_000n + BigInt(random.integer(0, 9_999));
  const data = encodeCall(aggregator, 'submit', [prices.answer]);
  return { from: publisher, to: aggregator.address, data };
}
