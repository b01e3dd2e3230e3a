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
}

const ACCOUNTS = 7;
const UNIT = 10n ** 18n;
const SUPPLY = 10n ** 27n;
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
  const { blocks, token, dollar, sales, participants } = world;
  const share = SUPPLY / 40n;
  const transactions: TransactionRequest[] = sales.map(({ contract }) => ({
    from: owner,
    to: token.address,
    data: encodeCall(token, 'transfer', [contract.address, share]),
  }));
  for (const holder of participants) {
    const data = encodeCall(dollar, 'transfer', [holder.address, share]);
    transactions.push({ from, to: dollar.address, data });
    for (const { contract, raiseAsset } of sales) {
      if (raiseAsset === null) continue;
      const approval = encodeCall(dollar, 'approve', [contract.address, SUPPLY]);
      transactions.push(actAs(holder, { target: dollar.address, data: approval, valueWei: 0n }));
    }
  }
  for (let start = 0; start < transactions.length; start += 20) {
    await blocks.mine(transactions.slice(start, start + 20));
  }
}
