import { events } from '../../abi/fixedPriceSale.js';
import { functions as launchpad } from '../../abi/launchpadSale.js';
import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import { TRANSFER_TOPIC } from '../../chain/reading/selectors.js';
import { topicAddress } from '../../chain/reading/topicAddress.js';
import { SALE_RULES } from '../../chain/sales/registry.js';
import { chunks } from '../../chain/source/wanted.js';
import { SALE_KINDS, type SaleKind } from '../../ledger/sales/saleKinds.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';
import { findDeployment } from '../search/deployment.js';
import { type ListedLog, logsOfTransaction, searchLogs } from '../search/logs.js';

/** What a sale exchanges, as far as its contract or its logs show it. */
interface Shown {
  readonly kind: SaleKind;
  readonly token: Address;
  readonly raiseAsset: Address | 'native';
  readonly evidence: string;
  readonly isCertain: boolean;
}

const WORD = 66;
/** `rate()` of OpenZeppelin's crowdsales. */
const RATE = '0x2c4e722e';
const ADDRESSES_AT_ONCE = 100;
const ENOUGH_PURCHASES = 5_000;

/** Why an address is examined, and what of it is known. */
export interface SaleHint {
  /** Only a sale of this one; `null`: of any. */
  readonly token: Address | null;
  /** `null`: it was named. */
  readonly because: string | null;
  /** Its first purchase at a fixed price; `null`: it logged none. */
  readonly purchase: ListedLog | null;
}

/**
 * The entry of an address that is a sale of a known kind: its getters say what it exchanges, or a
 * purchase that it logged shows it.
 */
export async function saleEntryAt(
  subject: Subject,
  address: Address,
  hint: SaleHint,
): Promise<Found | null> {
  const shown =
    (await shownByGetters(subject, address)) ??
    (hint.purchase === null
      ? await seemsFixedPrice(subject, address)
      : await shownByPurchase(subject, hint.purchase));
  return shown === null ? null : entryOf(subject, address, shown, hint);
}

/** The first purchase at a fixed price that each of some addresses logged. */
export async function purchasesOf(
  subject: Subject,
  addresses: readonly Address[],
  from: number,
): Promise<ReadonlyMap<Address, ListedLog>> {
  const range = { from, to: subject.head };
  const topics = [events.TokensPurchased.topic];
  const purchases = new Map<Address, ListedLog>();
  for (const some of chunks(addresses, ADDRESSES_AT_ONCE)) {
    const filter = { address: some, topics };
    const { items } = await searchLogs(subject, filter, range, ENOUGH_PURCHASES);
    for (const log of items) {
      if (log.topics.length === 3 && !purchases.has(log.address)) purchases.set(log.address, log);
    }
  }
  return purchases;
}

async function entryOf(
  subject: Subject,
  address: Address,
  { kind, token, raiseAsset, evidence, isCertain }: Shown,
  { token: wanted, because }: SaleHint,
): Promise<Found | null> {
  if (wanted !== null && token !== wanted) return null;
  const { block } = await findDeployment(subject, address);
  return {
    list: 'sales',
    address,
    isCertain,
    keys: {
      kind,
      token: checksummed(token),
      raiseAsset: raiseAsset === 'native' ? raiseAsset : checksummed(raiseAsset),
      ...(block === null ? {} : { startBlock: block }),
    },
    comments: [because === null ? evidence : `found because ${because}; ${evidence}`],
  };
}

/** A kind all of whose getters answer one word each, the token among them. */
async function shownByGetters({ node, head }: Subject, address: Address): Promise<Shown | null> {
  for (const kind of SALE_KINDS) {
    const { terms } = SALE_RULES[kind];
    if (terms === null) continue;
    const getters = Object.entries(terms.getters);
    const calls = getters.map(([, { selector: data }]) => ({ to: address, data }));
    const answers = await node.views(calls, head);
    if (answers.some((answer) => answer?.length !== WORD)) continue;
    const of = (name: string) =>
      topicAddress(answers[getters.findIndex(([getter]) => getter === name)] ?? undefined);
    const raised = of('raiseAsset');
    const names = getters.map(([, { signature }]) => signature).join(', ');
    return {
      kind,
      token: of('token'),
      raiseAsset: raised === ZERO_ADDRESS ? 'native' : raised,
      evidence: `it has the getters of a sale of kind ${kind}: ${names}`,
      isCertain: true,
    };
  }
  return null;
}

/** Getters of OpenZeppelin's crowdsales, without a purchase that would prove them. */
async function seemsFixedPrice({ node, head }: Subject, address: Address): Promise<Shown | null> {
  const getters = [launchpad.token.selector, RATE, launchpad.raiseAsset.selector];
  const calls = getters.map((data) => ({ to: address, data }));
  const [token, rate, asset] = await node.views(calls, head);
  if (token?.length !== WORD || rate?.length !== WORD) return null;
  const raised = asset?.length === WORD ? topicAddress(asset) : ZERO_ADDRESS;
  return {
    kind: 'fixed-price',
    token: topicAddress(token),
    raiseAsset: raised === ZERO_ADDRESS ? 'native' : raised,
    evidence: 'it has the getters token() and rate(), but no purchase shows that it is a sale',
    isCertain: false,
  };
}

/** What was delivered and paid in the transaction of a purchase. */
async function shownByPurchase(subject: Subject, purchase: ListedLog): Promise<Shown | null> {
  const { value, amount, beneficiary, purchaser } = events.TokensPurchased.decode({
    topics: [...purchase.topics],
    data: purchase.data,
  });
  const transfers = (await logsOfTransaction(subject, purchase)).filter(
    ({ topics, data }) =>
      topics[0] === TRANSFER_TOPIC && topics.length === 3 && data.length === WORD,
  );
  const delivered = transfers.find(
    ({ topics, data }) =>
      topicAddress(topics[1]) === purchase.address &&
      topicAddress(topics[2]) === beneficiary.toLowerCase() &&
      BigInt(data) === amount,
  );
  if (delivered === undefined) return null;
  const paid = transfers.find(
    ({ address, topics, data }) =>
      address !== delivered.address &&
      topicAddress(topics[1]) === purchaser.toLowerCase() &&
      BigInt(data) === value,
  );
  return {
    kind: 'fixed-price',
    token: delivered.address,
    raiseAsset: paid?.address ?? 'native',
    evidence: `it logged TokensPurchased in block ${purchase.blockNumber} and delivered the tokens at once`,
    isCertain: true,
  };
}
