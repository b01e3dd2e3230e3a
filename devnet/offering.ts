// SPDX-License-Identifier: GPL-3.0-or-later
import type { BlockMaker } from './blocks.js';
import type { TransactionReceipt, TransactionRequest } from './chain.js';
import { noteTransfers } from './collectionLife.js';
import type { CollectionWorld } from './collectionWorld.js';
import { encodeCall } from './deploy.js';
import { actAs, contractHolder, type Holder } from './holder.js';
import type { OfferingContracts, OfferingToken } from './offeringContracts.js';
import type { OfferingOracles } from './offeringModels.js';
import type { OfferingPrices } from './offeringPrices.js';
import type { OfferingSales } from './offeringSales.js';
import { noteRequests, readGasPrices } from './oracleLife.js';
import type { SeededRandom } from './random.js';
import type { TokenBook } from './tokenBook.js';

/** The offering of the devnet: what was deployed, and who is there. */
export interface Offering extends OfferingContracts {
  chainId: number;
  tokens: OfferingToken[];
  founder: string;
  /** Accounts, the router and the re-entrant holder; tokens went to all or most of them. */
  holders: Holder[];
  /** Accounts that pay revenue: users of the models. */
  payers: string[];
  /** The oracle with the models of OFFERING_MODELS. */
  oracles: OfferingOracles;
  /** How many of the oracle's requests have a result, the oldest first. */
  answered: { count: number };
  collections: CollectionWorld;
  sales: OfferingSales;
  prices: OfferingPrices;
  /** Addresses that everybody knows by a name. */
  labels: { address: string; name: string }[];
  /** Claims that were sent, as `token/holder/id`. */
  claimed: ReadonlySet<string>;
  /** Newest block, and its timestamp in unix seconds. */
  lastBlock: number;
  lastTimestamp: number;
}

/** What the scenes of the offering's life work with. */
export interface Stage {
  offering: Omit<Offering, 'claimed' | 'lastBlock' | 'lastTimestamp'>;
  random: SeededRandom;
  blocks: BlockMaker;
  book: TokenBook;
  /** Claims that were sent, as `token/holder/id`. */
  claimed: Set<string>;
}

const FEE_WEI = 300_000_000_000_000n; // 0.0003 ETH, the usual fee of a request

/** Mines the transactions in one block and notes the new balances. @returns the receipts */
export async function play(
  { offering, blocks, book }: Stage,
  transactions: readonly TransactionRequest[],
  seconds?: number,
): Promise<TransactionReceipt[]> {
  const receipts = await blocks.mine(transactions, seconds);
  book.record(receipts);
  for (const receipt of receipts) {
    noteRequests(offering.oracles.oracle, receipt);
    noteTransfers(offering.collections, receipt);
  }
  await readGasPrices(offering.oracles);
  return receipts;
}

/** Revenue by one of the ways it takes: plain, with a note, split, or by a self-destruct. */
export function drawRevenue(stage: Stage, token: OfferingToken): TransactionRequest {
  const { offering, random } = stage;
  const from = random.pick(offering.payers);
  const valueWei = FEE_WEI * BigInt(random.integer(1, 4_000)) + BigInt(random.integer(0, 999));
  const way = random.weighted([
    ['plain', 60],
    ['noted', 20],
    ['split', 15],
    ['destroyed', 5],
  ]);
  switch (way) {
    case 'noted': {
      const data = encodeCall(token.contract, 'deposit', ['0x696e666572656e6365']);
      return { from, to: token.address, data, valueWei };
    }
    case 'split':
      return { from, to: offering.splitter.address, valueWei };
    case 'destroyed': {
      const data = encodeCall(offering.selfDestructor, 'destroy', [token.address]);
      return { from, to: offering.selfDestructor.address, data, valueWei };
    }
    default:
      return { from, to: token.address, valueWei };
  }
}

/** A transfer of a part of what the sender has to another holder. */
export function drawTransfer(stage: Stage, token: OfferingToken): TransactionRequest {
  const { offering, random } = stage;
  const holder = drawOwner(stage, token);
  const balance = balanceOf(stage, token, holder);
  const amount = (balance * BigInt(random.integer(1, 400))) / 1_000n;
  return call(token, holder, 'transfer', [random.pick(offering.holders).address, amount]);
}

/** A burn of a small part of what the holder has. */
export function drawBurn(stage: Stage, token: OfferingToken): TransactionRequest {
  const holder = drawOwner(stage, token);
  const amount = balanceOf(stage, token, holder) / BigInt(stage.random.integer(4, 40));
  return call(token, holder, 'burn', [amount]);
}

/** The claim of a holder that did not claim the newest snapshot yet. */
export function drawClaim(stage: Stage, token: OfferingToken): TransactionRequest {
  const { random, book, claimed } = stage;
  const last = book.lastSnapshotId(token.address);
  const isLate = (holder: Holder) => !claimed.has(`${token.address}/${holder.address}/${last}`);
  const late = owners(stage, token).filter(isLate);
  const holder = late.length > 0 ? random.pick(late) : drawOwner(stage, token);
  return claimOf(stage, token, holder);
}

/** The holder's claim of the newest snapshot, with the one before it where that is open too. */
export function claimOf(
  { book, claimed }: Stage,
  token: OfferingToken,
  holder: Holder,
): TransactionRequest {
  const last = book.lastSnapshotId(token.address);
  const key = (id: bigint) => `${token.address}/${holder.address}/${id}`;
  const both = last > 1n && !claimed.has(key(last - 1n));
  const ids = both ? [last - 1n, last] : [last];
  for (const id of ids) claimed.add(key(id));
  return both ? call(token, holder, 'claimBatch', [ids]) : call(token, holder, 'claim', [last]);
}

/** A snapshot, taken by a user; it reverts before the interval is over. */
export function takeSnapshot({ offering, random }: Stage, token: OfferingToken) {
  const holder: Holder = { kind: 'account', address: random.pick(offering.payers) };
  return call(token, holder, 'snapshot', []);
}

/** One of the holders that have tokens. */
function drawOwner(stage: Stage, token: OfferingToken): Holder {
  return stage.random.pick(owners(stage, token));
}

function owners(stage: Stage, token: OfferingToken): Holder[] {
  return stage.offering.holders.filter((holder) => balanceOf(stage, token, holder) > 0n);
}

function balanceOf({ book }: Stage, token: OfferingToken, holder: Holder): bigint {
  return book.balanceOf(token.address, holder.address);
}

/** The transaction by which the holder calls the token. */
export function call(
  token: OfferingToken,
  holder: Holder,
  name: string,
  args: readonly unknown[],
): TransactionRequest {
  const data = encodeCall(token.contract, name, args);
  return actAs(holder, { target: token.address, data, valueWei: 0n });
}

/** Accounts and the two contracts that hold. @param operator signs for the contracts */
export function allHolders(
  accounts: readonly string[],
  { router, reentrantHolder }: OfferingContracts,
  operator: string,
): Holder[] {
  return [
    ...accounts.map((address): Holder => ({ kind: 'account', address })),
    contractHolder('router', router, operator),
    contractHolder('reentrant', reentrantHolder, operator),
  ];
}
