import { type Address, checksummed } from '../address.js';
import type { Found } from './found.js';
import type { Subject } from './node/subject.js';
import { collectionAt } from './recognise/collection.js';
import { oraclesAround } from './recognise/oracle.js';
import { overflowSalesOf } from './recognise/overflowSale.js';
import { purchasesOf, saleEntryAt } from './recognise/sale.js';
import type { FoundToken } from './recognise/token.js';
import { findHolders, type Holder, type Holders } from './search/holders.js';
import { type FoundPayers, findPayers, findPayersOf, type Payer } from './search/payers.js';
import { findRequests } from './search/requests.js';

/** Early holders and payers that are asked what they are. */
const MOST_CANDIDATES = 400;
const CODES_AT_ONCE = 20;
/** Of the holders, how many of the first may be a sale of another kind. */
const FIRST_HOLDERS = 20;
const FEWEST_BUYERS = 3;
/** Payers whose own payers are searched. */
const MOST_SPLITTERS = 20;

/** A contract that held a token early, or paid it. */
interface Candidate {
  readonly address: Address;
  readonly because: string;
  readonly isPayer: boolean;
}

/** Finds the oracles, collections and sales of a token: by its models, its payers and first holders. */
export async function neighboursOf(subject: Subject, token: FoundToken): Promise<Found[]> {
  const { address } = token.found;
  const { from, symbol, assetPayments } = token;
  const holders = await findHolders(subject, address, from);
  const { payers, seen } = await findPayers(subject, address, from, holders.blocks);
  const paid = new Map(payers.map((payer) => [payer.address, payer.times]));
  for (const payment of assetPayments) {
    paid.set(payment.from, (paid.get(payment.from) ?? 0) + 1);
  }
  const asked = await findRequests(subject, null, from);
  const oracles = await oraclesAround(subject, { address, symbol }, asked, paid);
  const known = new Set([address, ...oracles.map((oracle) => oracle.address)]);
  const candidates = await contractsAmong(
    subject,
    candidatesOf(symbol, holders, payers).filter((candidate) => !known.has(candidate.address)),
  );
  const others = await recognised(subject, token, candidates);
  for (const found of others) known.add(found.address);
  const unknown = candidates.filter((one) => !known.has(one.address));
  const overflow = await overflowSalesOf(subject, { address, from }, unknown);
  for (const found of overflow) known.add(found.address);
  const passing = candidates.filter((one) => one.isPayer && !known.has(one.address));
  const behind = await behindSplitters(subject, token, passing, seen, known);
  const explained = new Set([...known, ...paid.keys()]);
  const unexplained = candidates.filter((candidate) => !explained.has(candidate.address));
  const likely = likelySales(token, holders, unexplained);
  return [...oracles, ...others, ...overflow, ...behind, ...likely];
}

function candidatesOf(
  symbol: string,
  { holders }: Holders,
  payers: readonly Payer[],
): readonly Candidate[] {
  const candidates = new Map<Address, Candidate>();
  for (const { address, block, times } of payers) {
    const because = `it paid ${symbol} ${times === 1 ? 'once' : `${times} times`}, first in block ${block}`;
    candidates.set(address, { address, because, isPayer: true });
  }
  for (const { address, block } of holders) {
    const payer = candidates.get(address);
    const because = `it received ${symbol} in block ${block}`;
    const both = payer === undefined ? because : `${payer.because}, and ${because}`;
    candidates.set(address, { address, because: both, isPayer: payer !== undefined });
  }
  return [...candidates.values()];
}

async function contractsAmong(
  { node, head, progress, note, signal }: Subject,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const asked = candidates.slice(0, MOST_CANDIDATES);
  if (asked.length < candidates.length) {
    note(
      `of ${candidates.length} payers and early holders, the first ${asked.length} were examined`,
    );
  }
  const contracts: Candidate[] = [];
  for (let start = 0; start < asked.length; start += CODES_AT_ONCE) {
    signal.throwIfAborted();
    progress(`payers and first holders: ${start} of ${asked.length}`);
    const some = asked.slice(start, start + CODES_AT_ONCE);
    const codes = await Promise.all(some.map(({ address }) => node.code(address, head)));
    contracts.push(...some.filter((_, index) => codes[index] !== '0x'));
  }
  return contracts;
}

async function recognised(
  subject: Subject,
  { found: { address: token }, from }: FoundToken,
  candidates: readonly Candidate[],
): Promise<Found[]> {
  const addresses = candidates.map(({ address }) => address);
  const purchases = await purchasesOf(subject, addresses, from);
  const all: Found[] = [];
  for (const { address, because, isPayer } of candidates) {
    subject.signal.throwIfAborted();
    subject.progress(`${address}: what it is`);
    const purchase = purchases.get(address) ?? null;
    const sale = await saleEntryAt(subject, address, { token, because, purchase });
    const one = sale ?? (isPayer ? await collectionAt(subject, address, because) : null);
    if (one !== null) all.push(one);
  }
  return all;
}

/** Collections that paid a contract which passed money on to the token: a splitter. */
async function behindSplitters(
  subject: Subject,
  { symbol, from }: FoundToken,
  passing: readonly Candidate[],
  seen: FoundPayers['seen'],
  known: ReadonlySet<Address>,
): Promise<Found[]> {
  const splitters = passing.slice(0, MOST_SPLITTERS);
  if (splitters.length < passing.length) {
    subject.note(
      `of ${passing.length} contracts that paid, the payers of ${MOST_SPLITTERS} were searched`,
    );
  }
  const addresses = splitters.map(({ address }) => address);
  const payers = await findPayersOf(subject, addresses, from, seen);
  const candidates = new Map<Address, Candidate>();
  for (const [splitter, ofSplitter] of payers) {
    for (const { address, block, times } of ofSplitter) {
      if (known.has(address) || candidates.has(address)) continue;
      const often = times === 1 ? 'once' : `${times} times`;
      const because = `it paid ${checksummed(splitter)} ${often}, first in block ${block}, which pays ${symbol}`;
      candidates.set(address, { address, because, isPayer: true });
    }
  }
  const contracts = await contractsAmong(subject, [...candidates.values()]);
  const all: Found[] = [];
  for (const { address, because } of contracts) {
    subject.signal.throwIfAborted();
    const one = await collectionAt(subject, address, because);
    if (one !== null) all.push(one);
  }
  return all;
}

/** Contracts that got much of a token early and handed it out: maybe sales that need a mapping. */
function likelySales(
  { found: { address: token }, symbol }: FoundToken,
  { holders }: Holders,
  contracts: readonly Candidate[],
): Found[] {
  const isContract = new Set(contracts.map(({ address }) => address));
  const looksLikeSale = ({ address, sentTo }: Holder) =>
    isContract.has(address) && sentTo >= FEWEST_BUYERS;
  return holders
    .slice(0, FIRST_HOLDERS)
    .filter(looksLikeSale)
    .map(({ address, block, sentTo }) => ({
      list: 'sales' as const,
      address,
      isCertain: false,
      keys: { kind: 'custom', token, abi: './abi/sale.json' },
      comments: [
        `found because it received ${symbol} in block ${block} and sent it to ${sentTo} accounts: maybe a sale of ` +
          'another kind. If so, describe its events by a mapping (docs/sales.md).',
      ],
    }));
}
