// SPDX-License-Identifier: GPL-3.0-or-later
import { createActors } from './actors.js';
import type { Chain } from './anvil.js';
import { BlockMaker } from './blocks.js';
import type { TransactionRequest } from './chain.js';
import {
  type DeployedContract,
  deployReentrantHolder,
  deployRejectingHolder,
  deployRouter,
  deploySelfDestructor,
  deploySplitter,
  encodeCall,
} from './deploy.js';
import { contractHolder, type Holder } from './holder.js';
import { SeededRandom } from './random.js';
import { TokenBook } from './tokenBook.js';
import { deployWorldTokens, type WorldToken } from './worldTokens.js';

/** Money that no call frame shows, put into a token on purpose. */
export interface UntracedMoney {
  kind: 'balance' | 'tip';
  token: string;
  /** The first block whose state has it. No other operation of the token is in this block. */
  blockNumber: number;
  amountWei: bigint;
}

/** Tokens, holders and payers of a random run. */
export interface World {
  chain: Chain;
  random: SeededRandom;
  blocks: BlockMaker;
  tokens: WorldToken[];
  holders: Holder[];
  /** The accounts among the holders: they also pay, and sign for the contracts. */
  accounts: string[];
  router: DeployedContract;
  splitter: DeployedContract;
  selfDestructor: DeployedContract;
  book: TokenBook;
  /** Claims that were tried, as `token/holder/id`. */
  triedClaims: Set<string>;
  untraced: UntracedMoney[];
  /** Operations done since the creation, and at which count of them the next thing is due. */
  schedule: { done: number; nextReferenceSnapshot: number; nextJump: number };
}

const ACCOUNTS = 19;
const REENTRANT_HOLDERS = 4;

/**
 * Deploys six revenue tokens (see deployWorldTokens) and distributes them among 25 holders:
 * accounts, a router, re-entrant holders, one that refuses payments. Takes over the mining.
 * The same seed gives the same world on chains with the same genesis.
 */
export async function createWorld(
  chain: Chain,
  { seed }: { seed: number | bigint | string },
): Promise<World> {
  const random = new SeededRandom(`world ${seed}`);
  const blocks = await BlockMaker.takeOver(chain);
  const accounts = await createActors(chain, `world ${seed}`, ACCOUNTS);
  const from = random.pick(accounts);
  const tokens = await deployWorldTokens(chain, random, from);
  const receivers = tokens.map(({ contract }) => contract.address);
  const router = await deployRouter(chain, { from });
  const splitter = await deploySplitter(chain, receivers, { from });
  const selfDestructor = await deploySelfDestructor(chain, { from });
  const rejecting = await deployRejectingHolder(chain, { from });

  const holders: Holder[] = accounts.map((address) => ({ kind: 'account', address }));
  holders.push(contractHolder('router', router, from));
  holders.push(contractHolder('rejecting', rejecting, from));
  for (let count = 0; count < REENTRANT_HOLDERS; count += 1) {
    const contract = await deployReentrantHolder(chain, { from });
    holders.push(contractHolder('reentrant', contract, random.pick(accounts)));
  }
  await blocks.catchUp();

  const book = await TokenBook.open(chain, receivers);
  for (const token of tokens) {
    book.record(await blocks.mine(distribution(random, token, holders, from)));
  }
  const payers = { router, splitter, selfDestructor };
  // The first jump is early: a snapshot cannot be set back further than to block 0.
  const schedule = { done: 0, nextReferenceSnapshot: 40, nextJump: 40 };
  const records = { book, triedClaims: new Set<string>(), untraced: [], schedule };
  return { chain, random, blocks, tokens, holders, accounts, ...payers, ...records };
}

/** Few get much and many get little; the founder keeps the rest. */
function distribution(
  random: SeededRandom,
  token: WorldToken,
  holders: readonly Holder[],
  founder: string,
): TransactionRequest[] {
  let left = token.supply;
  const transactions: TransactionRequest[] = [];
  for (const holder of random.shuffled(holders)) {
    if (holder.address === founder || random.chance(15)) continue;
    const amount = left <= 7n ? 1n : left >> BigInt(random.integer(1, 6));
    if (left <= amount) break;
    left -= amount;
    const data = encodeCall(token.contract, 'transfer', [holder.address, amount]);
    transactions.push({ from: founder, to: token.contract.address, data });
  }
  return transactions;
}
