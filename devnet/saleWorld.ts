// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import type { TransactionRequest } from './chain.js';
import {
  type DeployedContract,
  deployContract,
  deployRejectingHolder,
  deployRouter,
  encodeCall,
} from './deploy.js';
import { actAs, contractHolder, type Holder } from './holder.js';
import { SeededRandom } from './random.js';
import { deployFixedPrice, deployLaunchpad, deployLbp, deployOverflow } from './saleContracts.js';

/** How a sale with a target is to end. */
export type SaleFate = 'empty' | 'failed' | 'exact' | 'oversubscribed';

/** A sale of a random life. */
export interface LivingSale {
  kind: 'launchpad' | 'fixed-price' | 'lbp' | 'custom';
  fate: SaleFate | null;
  contract: DeployedContract;
  /** The ERC-20 raised; `null` for ETH. */
  raiseAsset: string | null;
  target: bigint;
}

/** Sales of every shape and who takes part in them. */
export interface SaleWorld {
  chain: Chain;
  random: SeededRandom;
  blocks: BlockMaker;
  /** The token that all of them sell. */
  token: DeployedContract;
  /** The ERC-20 that some of them raise. */
  dollar: DeployedContract;
  sales: LivingSale[];
  /** Accounts, a router and a contract that refuses ETH. */
  participants: Holder[];
  router: DeployedContract;
  /** Last second in which the sales with an end take deposits, unix seconds, plus one. */
  endTime: number;
  /** What somebody pays into a sale. Default: from nothing to 10 units, of any size. */
  drawPayment?: (random: SeededRandom, sale: LivingSale) => bigint;
}

const ACCOUNTS = 7;
const UNIT = 10n ** 18n;
const SUPPLY = 10n ** 27n;
/** Of the dollars, for each participant. */
const SHARE = SUPPLY / 40n;
const PART = 20;
const WINDOW_SECONDS = 200_000;
/** No deposits of a life come near this. */
const UNREACHABLE = 10n ** 30n;

/**
 * Deploys a launchpad of every fate in ETH and in an ERC-20, fixed price sales, a pool and
 * two sales that need a mapping; hands out money and approvals. Takes over the mining. The
 * same seed gives the same world on chains with the same genesis.
 *
 * @param token sold by all of them; 10^27 of it must be `owner`'s. Default: a plain one.
 * @param blocks of a life that these sales are a part of. Default: its own.
 */
export async function createSaleWorld(
  chain: Chain,
  {
    seed,
    token: given,
    blocks: shared,
    windowSeconds = WINDOW_SECONDS,
  }: {
    seed: number | string;
    token?: { contract: DeployedContract; owner: string };
    blocks?: BlockMaker;
    windowSeconds?: number;
  },
): Promise<SaleWorld> {
  const random = new SeededRandom(`sales ${seed}`);
  const blocks = shared ?? (await BlockMaker.takeOver(chain));
  const accounts = await createActors(chain, `sales ${seed}`, ACCOUNTS);
  const from = accounts[0] ?? '';
  const dollar = await deployContract(chain, 'PlainToken', ['Dollar', 'USD', SUPPLY], { from });
  const token =
    given?.contract ??
    (await deployContract(chain, 'PlainToken', ['Model', 'MDL', SUPPLY], { from }));
  const router = await deployRouter(chain, { from });
  const rejecting = await deployRejectingHolder(chain, { from });
  await blocks.catchUp();
  const startTime = blocks.timestamp;
  const endTime = startTime + windowSeconds;
  const sales = await deploySales(chain, random, {
    from,
    token: token.address,
    dollar: dollar.address,
    startTime,
    endTime,
  });
  await blocks.catchUp();
  const participants: Holder[] = accounts.map((address) => ({ kind: 'account', address }));
  participants.push(contractHolder('router', router, from));
  participants.push(contractHolder('rejecting', rejecting, from));
  const world = { chain, random, blocks, token, dollar, sales, participants, router, endTime };
  await fund(world, from, given?.owner ?? from);
  return world;
}

async function deploySales(
  chain: Chain,
  random: SeededRandom,
  common: { from: string; token: string; dollar: string; startTime: number; endTime: number },
): Promise<LivingSale[]> {
  const { dollar, from } = common;
  const sales: LivingSale[] = [];
  const tokensForSale = () => random.amount(1_000_000n * UNIT) + 1n;
  const fates: readonly SaleFate[] = ['empty', 'failed', 'exact', 'oversubscribed'];
  for (const raiseAsset of [null, dollar]) {
    for (const fate of fates) {
      const target = targetOf(random, fate);
      const terms = { ...common, raiseAsset, target, tokensForSale: tokensForSale() };
      const contract = await deployLaunchpad(chain, terms);
      sales.push({ kind: 'launchpad', fate, contract, raiseAsset, target });
    }
    const rate = BigInt(random.integer(1, 5000));
    const contract = await deployFixedPrice(chain, { ...common, raiseAsset, rate, wallet: from });
    sales.push({ kind: 'fixed-price', fate: null, contract, raiseAsset, target: 0n });
  }
  const pool = await deployLbp(chain, {
    ...common,
    raiseAsset: dollar,
    virtualAssets: 10n * UNIT,
    virtualShares: 1_000_000n * UNIT,
    manager: from,
  });
  sales.push({ kind: 'lbp', fate: null, contract: pool, raiseAsset: dollar, target: 0n });
  for (const fate of ['failed', 'oversubscribed'] as const) {
    const target = fate === 'failed' ? 100_000n * UNIT : targetOf(random, fate);
    const terms = { ...common, raiseAsset: dollar, target, tokensForSale: tokensForSale() };
    const contract = await deployOverflow(chain, terms);
    sales.push({ kind: 'custom', fate, contract, raiseAsset: dollar, target });
  }
  return sales;
}

function targetOf(random: SeededRandom, fate: SaleFate): bigint {
  if (fate === 'failed' || fate === 'empty') return UNREACHABLE;
  // Random deposits into a sale that is to end exactly never reach 10^9.
  return fate === 'exact' ? 10n ** 9n + random.amount(100n * UNIT) : 1n + random.amount(UNIT);
}

/** Tokens for the sales; dollars and approvals for everybody. */
async function fund(world: SaleWorld, from: string, owner: string): Promise<void> {
  const { blocks, token, sales } = world;
  const transactions: TransactionRequest[] = sales.map(({ contract }) => ({
    from: owner,
    to: token.address,
    data: encodeCall(token, 'transfer', [contract.address, SHARE]),
  }));
  transactions.push(...dollarsForAll(world, from));
  for (const sale of sales) {
    if (sale.raiseAsset !== null) transactions.push(...approvalsFor(world, sale));
  }
  await mineInParts(blocks, transactions);
}

/** The transactions by which each participant gets an equal share of the dollars. */
export function dollarsForAll(
  { dollar, participants }: SaleWorld,
  from: string,
): TransactionRequest[] {
  return participants.map(({ address }) => ({
    from,
    to: dollar.address,
    data: encodeCall(dollar, 'transfer', [address, SHARE]),
  }));
}

/** The transactions by which each participant lets a sale take its dollars. */
export function approvalsFor(
  { dollar, participants }: SaleWorld,
  { contract }: LivingSale,
): TransactionRequest[] {
  const data = encodeCall(dollar, 'approve', [contract.address, SUPPLY]);
  return participants.map((holder) =>
    actAs(holder, { target: dollar.address, data, valueWei: 0n }),
  );
}

/** Mines many transactions, so many a block as surely fit. */
export async function mineInParts(
  blocks: BlockMaker,
  transactions: readonly TransactionRequest[],
): Promise<void> {
  for (let start = 0; start < transactions.length; start += PART) {
    await blocks.mine(transactions.slice(start, start + PART));
  }
}
