import { zeroPadValue } from 'ethers';
import type { Address } from '../../address.js';
import { TRANSFER_TOPIC } from '../../chain/reading/selectors.js';
import { topicAddress } from '../../chain/reading/topicAddress.js';
import type { Subject } from '../node/subject.js';
import { searchLogs } from './logs.js';

/** ERC-20 units that reached a token. */
export interface ArrivedAsset {
  readonly asset: Address;
  readonly from: Address;
  readonly block: number;
}

/** Spam is sent to any token: more shows nothing. */
const ENOUGH_LOGS = 5_000;

/** Finds transfers of any ERC-20 to a token, from a block on. */
export async function findAssetPayments(
  subject: Subject,
  token: Address,
  from: number,
): Promise<ArrivedAsset[]> {
  const { head, progress, note } = subject;
  progress(`${token}: ERC-20 assets that it received`);
  const filter = { topics: [TRANSFER_TOPIC, null, zeroPadValue(token, 32)] };
  const { items, to, isWhole } = await searchLogs(subject, filter, { from, to: head }, ENOUGH_LOGS);
  if (!isWhole) note(`${token}: ERC-20 transfers to it were searched up to block ${to} only`);
  return items
    .filter(({ address, topics }) => topics.length === 3 && address !== token)
    .map(({ address, topics, blockNumber }) => {
      return { asset: address, from: topicAddress(topics[1]), block: blockNumber };
    });
}
