import { type Address, ZERO_ADDRESS } from '../../address.js';
import { TRANSFER_TOPIC } from '../../chain/reading/selectors.js';
import { topicAddress } from '../../chain/reading/topicAddress.js';
import type { Subject } from '../node/subject.js';
import { type ListedLog, searchLogs } from './logs.js';

/** An early holder of a token. */
export interface Holder {
  readonly address: Address;
  /** Of its first receipt. */
  readonly block: number;
  /** All that it received, in the token's smallest unit. */
  readonly received: bigint;
  /** To how many accounts it sent some. */
  readonly sentTo: number;
}

/** The holders of a token in the order of their first receipt. */
export interface Holders {
  readonly holders: readonly Holder[];
  /** Blocks with a transfer, ascending. */
  readonly blocks: readonly number[];
}

const ENOUGH_TRANSFERS = 20_000;

/** @param from block of the deployment */
export async function findHolders(
  subject: Subject,
  token: Address,
  from: number,
): Promise<Holders> {
  const { head, progress, note } = subject;
  progress(`${token}: first holders`);
  const filter = { address: token, topics: [TRANSFER_TOPIC] };
  const range = { from, to: head };
  const { items, to, isWhole } = await searchLogs(subject, filter, range, ENOUGH_TRANSFERS);
  if (!isWhole) note(`${token}: its holders were searched up to block ${to} only`);
  const { holders, sentTo } = tally(items);
  return {
    holders: [...holders.values()]
      .filter(({ address }) => address !== ZERO_ADDRESS && address !== token)
      .map((holder) => ({ ...holder, sentTo: sentTo.get(holder.address)?.size ?? 0 })),
    blocks: [...new Set(items.map(({ blockNumber }) => blockNumber))],
  };
}

function tally(transfers: readonly ListedLog[]) {
  const holders = new Map<Address, Omit<Holder, 'sentTo'>>();
  const sentTo = new Map<Address, Set<Address>>();
  for (const { topics, data, blockNumber } of transfers) {
    if (topics.length !== 3 || data.length !== 66) continue;
    const [sender, address] = [topicAddress(topics[1]), topicAddress(topics[2])];
    const before = holders.get(address);
    const received = (before?.received ?? 0n) + BigInt(data);
    holders.set(address, { address, block: before?.block ?? blockNumber, received });
    sentTo.set(sender, (sentTo.get(sender) ?? new Set()).add(address));
  }
  return { holders, sentTo };
}
