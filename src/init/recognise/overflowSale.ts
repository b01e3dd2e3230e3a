import { Interface } from 'ethers';
import { type Address, checksummed } from '../../address.js';
import { TRANSFER_TOPIC } from '../../chain/reading/selectors.js';
import { topicAddress } from '../../chain/reading/topicAddress.js';
import { chunks } from '../../chain/source/wanted.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';
import { findDeployment } from '../search/deployment.js';
import { type ListedLog, logsOfTransaction, searchLogs } from '../search/logs.js';

/** The events of overflow sales, as they are deployed in public. */
const ABI = [
  'event Deposit(address indexed user, uint256 amount)',
  'event Harvest(address indexed user, uint256 offeringAmount, uint256 excessAmount)',
];
const participant = 'user';
const MAPPING = {
  deposit: { event: 'Deposit', participant, raiseAmount: 'amount' },
  tokenClaim: { event: 'Harvest', participant, tokenAmount: 'offeringAmount' },
  refund: { event: 'Harvest', participant, raiseAmount: 'excessAmount' },
};
const [DEPOSIT = '', HARVEST = ''] = new Interface(ABI).fragments.map((fragment) =>
  'topicHash' in fragment ? String(fragment.topicHash) : '',
);

const ADDRESSES_AT_ONCE = 100;
const ENOUGH_LOGS = 5_000;
const WORD_LENGTH = 64;

/** A contract that may be such a sale, and why it is examined. */
interface Examined {
  readonly address: Address;
  readonly because: string;
}

/**
 * The entries of contracts that logged deposits and harvests like an overflow sale of a token. One whose harvest
 * delivered the token and whose deposit brought an ERC-20 is certain; without a harvest it is likely.
 */
export async function overflowSalesOf(
  subject: Subject,
  token: { readonly address: Address; readonly from: number },
  examined: readonly Examined[],
): Promise<Found[]> {
  const range = { from: token.from, to: subject.head };
  const found: Found[] = [];
  for (const some of chunks(examined, ADDRESSES_AT_ONCE)) {
    const address = some.map((one) => one.address);
    const filter = { address, topics: [[DEPOSIT, HARVEST]] };
    const { items } = await searchLogs(subject, filter, range, ENOUGH_LOGS);
    for (const one of some) {
      const own = items.filter((log) => log.address === one.address && log.topics.length === 2);
      const entry = own.length === 0 ? null : await entryOf(subject, token.address, one, own);
      if (entry !== null) found.push(entry);
    }
  }
  return found;
}

async function entryOf(
  subject: Subject,
  token: Address,
  { address, because }: Examined,
  logs: readonly ListedLog[],
): Promise<Found | null> {
  const deposit = logs.find(({ topics }) => topics[0] === DEPOSIT);
  const harvest = logs.find(({ topics, data }) => topics[0] === HARVEST && word(data, 0) > 0n);
  if (deposit === undefined) return null;
  const raiseAsset = await raisedBy(subject, deposit);
  const isDelivered = harvest !== undefined && (await delivers(subject, token, harvest));
  if (raiseAsset === null || (harvest !== undefined && !isDelivered)) return null;
  const { block } = await findDeployment(subject, address);
  const paid = `its deposit of block ${deposit.blockNumber} brought ${checksummed(raiseAsset)}`;
  const delivered =
    harvest === undefined
      ? 'no harvest shows yet that it delivers the token'
      : `its harvest of block ${harvest.blockNumber} delivered the token`;
  return {
    list: 'sales',
    address,
    isCertain: isDelivered,
    keys: {
      kind: 'custom',
      token: checksummed(token),
      raiseAsset: checksummed(raiseAsset),
      ...(block === null ? {} : { startBlock: block }),
      abi: ABI,
      mapping: MAPPING,
    },
    comments: [
      `found because ${because}; it logged deposits and harvests like an overflow sale: ${paid}, and ${delivered}`,
    ],
  };
}

/** The ERC-20 that a deposit brought in its transaction; `null`: none did. */
async function raisedBy(subject: Subject, deposit: ListedLog): Promise<Address | null> {
  const amount = word(deposit.data, 0);
  const transfers = await transfersBeside(subject, deposit);
  const payment = transfers.find(
    ({ topics, data }) =>
      topicAddress(topics[1]) === topicAddress(deposit.topics[1]) &&
      topicAddress(topics[2]) === deposit.address &&
      word(data, 0) === amount,
  );
  return payment?.address ?? null;
}

async function delivers(subject: Subject, token: Address, harvest: ListedLog): Promise<boolean> {
  const amount = word(harvest.data, 0);
  const transfers = await transfersBeside(subject, harvest);
  return transfers.some(
    ({ address, topics, data }) =>
      address === token &&
      topicAddress(topics[1]) === harvest.address &&
      topicAddress(topics[2]) === topicAddress(harvest.topics[1]) &&
      word(data, 0) === amount,
  );
}

async function transfersBeside(subject: Subject, log: ListedLog): Promise<ListedLog[]> {
  const logs = await logsOfTransaction(subject, log);
  return logs.filter(({ topics }) => topics[0] === TRANSFER_TOPIC && topics.length === 3);
}

/** A word of the data of a log. */
function word(data: string, index: number): bigint {
  const text = data.slice(2 + index * WORD_LENGTH, 2 + (index + 1) * WORD_LENGTH);
  return text.length === WORD_LENGTH ? BigInt(`0x${text}`) : 0n;
}
