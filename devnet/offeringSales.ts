// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chain } from './anvil.js';
import { BLOCK_SECONDS, type BlockMaker } from './blocks.js';
import type { TransactionRequest } from './chain.js';
import { type DeployedContract, deployContract, deploySplitter } from './deploy.js';
import { actAs, type Holder } from './holder.js';
import { call, play, type Stage } from './offering.js';
import type { OfferingToken } from './offeringContracts.js';
import type { SeededRandom } from './random.js';
import { caller, drawPaying } from './saleActions.js';
import { deployLaunchpad } from './saleContracts.js';
import { dollarsForAll, type LivingSale, mineInParts, type SaleWorld } from './saleWorld.js';

/** A sale of one of the offering's tokens. */
export interface OfferingSale extends LivingSale {
  readonly label: string;
  readonly token: OfferingToken;
  /** First second in which nobody can buy any more, unix time; null: it has no end. */
  readonly endTime: number | null;
}

/** The sales of the offering, in the order of their opening. */
export interface OfferingSales extends SaleWorld {
  launchpad: OfferingSale;
  /** The launchpad among them. */
  sales: OfferingSale[];
  /** What the sales raise goes here, but a tenth of the launchpad's. */
  treasury: string;
}

export interface OfferingSalesOptions {
  readonly founder: string;
  readonly treasury: string;
  /** The token that the launchpad sells. */
  readonly token: OfferingToken;
  readonly router: DeployedContract;
  readonly participants: Holder[];
}

const UNIT = 10n ** 18n;
const SUPPLY = 10n ** 27n;
const TARGET_WEI = 120n * UNIT;
const LAUNCHPAD_TOKENS = 300_000_000n * UNIT;
const LAUNCHPAD_SECONDS = 6 * 86_400;
const PARTS_OF_PROCEEDS = 10;
/** One participant of so many does not come for its tokens. */
const LATE_PART = 6;
const SETTLED_PER_BLOCK = 6;

/**
 * Opens the launchpad, six days for deposits. A tenth of what it will keep is the first revenue of
 * the token; the treasury gets the rest. The tokens are still the founder's.
 */
export async function openLaunchpad(
  chain: Chain,
  blocks: BlockMaker,
  random: SeededRandom,
  options: OfferingSalesOptions,
): Promise<OfferingSales> {
  const { founder, treasury, token, router, participants } = options;
  const from = { from: founder };
  const dai = ['Dai Stablecoin', 'DAI', SUPPLY];
  const dollar = await deployContract(chain, 'PlainToken', dai, from);
  const parts = Array.from({ length: PARTS_OF_PROCEEDS - 1 }, () => treasury);
  const proceeds = await deploySplitter(chain, [...parts, token.address], from);
  await blocks.catchUp();
  const endTime = blocks.timestamp + LAUNCHPAD_SECONDS;
  const contract = await deployLaunchpad(chain, {
    ...from,
    token: token.address,
    target: TARGET_WEI,
    tokensForSale: LAUNCHPAD_TOKENS,
    startTime: blocks.timestamp,
    endTime,
    treasury: proceeds.address,
  });
  await blocks.catchUp();
  const launchpad: OfferingSale = {
    kind: 'launchpad',
    label: 'Meridian launchpad',
    fate: 'oversubscribed',
    contract,
    raiseAsset: null,
    target: TARGET_WEI,
    token,
    endTime,
  };
  const world: OfferingSales = {
    chain,
    random,
    blocks,
    token: token.contract,
    dollar,
    launchpad,
    sales: [launchpad],
    participants,
    router,
    endTime,
    treasury,
    drawPayment,
  };
  await mineInParts(blocks, dollarsForAll(world, founder));
  return world;
}

/** ETH in hundredths for the launchpad and the fixed price, whole DAI for the pools. */
function drawPayment(random: SeededRandom, { kind }: LivingSale): bigint {
  switch (kind) {
    case 'launchpad':
      return BigInt(random.integer(5, 700)) * (UNIT / 100n);
    case 'fixed-price':
      return BigInt(random.integer(2, 40)) * (UNIT / 100n);
    default:
      return BigInt(random.integer(50, 2_500)) * UNIT;
  }
}

/** The founder gives the launchpad what it sells. */
export async function fillLaunchpad(stage: Stage): Promise<void> {
  await play(stage, [fillSale(stage, stage.offering.sales.launchpad, LAUNCHPAD_TOKENS)]);
}

/** Deposits into the launchpad while it is open, by participants and for others. */
export async function drawDeposits(stage: Stage, count: number): Promise<TransactionRequest[]> {
  const { launchpad } = stage.offering.sales;
  const deposits: TransactionRequest[] = [];
  // One after the other: the dice fall in the same order each time.
  while (isOpen(stage, launchpad) && deposits.length < count) {
    deposits.push(await drawPayingBy(stage, launchpad));
  }
  return deposits;
}

/** Most participants take their tokens and what was too much; the founder takes the proceeds. */
export async function settleLaunchpad(stage: Stage): Promise<void> {
  const { founder, sales } = stage.offering;
  const { launchpad, participants } = sales;
  const act = caller(launchpad);
  const punctual = stage.random
    .shuffled(participants)
    .slice(Math.ceil(participants.length / LATE_PART));
  for (let start = 0; start < punctual.length; start += SETTLED_PER_BLOCK) {
    const holders = punctual.slice(start, start + SETTLED_PER_BLOCK);
    const settle = (holder: Holder) => [actAs(holder, act('claim')), actAs(holder, act('refund'))];
    await play(stage, holders.flatMap(settle), 3_600);
  }
  await play(stage, [actAs({ kind: 'account', address: founder }, act('finalize'))]);
}

/** Whether it takes money in the next block. */
export function isOpen({ blocks }: Stage, { endTime }: OfferingSale): boolean {
  return endTime === null || blocks.timestamp + BLOCK_SECONDS < endTime;
}

/** Somebody pays into a sale, or trades with it. */
export async function drawPayingBy(stage: Stage, sale: OfferingSale): Promise<TransactionRequest> {
  const { random, offering } = stage;
  const holder = random.pick(offering.sales.participants);
  return actAs(holder, await drawPaying(offering.sales, sale, holder));
}

/** The founder gives a sale what it sells. */
export function fillSale(
  { offering }: Stage,
  { token, contract }: OfferingSale,
  amount: bigint,
): TransactionRequest {
  const founder: Holder = { kind: 'account', address: offering.founder };
  return call(token, founder, 'transfer', [contract.address, amount]);
}
