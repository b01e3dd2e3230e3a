import * as erc7007 from '../../abi/erc7007.js';
import * as firstDraft from '../../abi/erc7007FirstDraft.js';
import * as secondDraft from '../../abi/erc7007SecondDraft.js';
import type { Address } from '../../address.js';
import { detectCollection } from '../../chain/collection/detectCollection.js';
import type { Found } from '../found.js';
import type { Subject } from '../node/subject.js';
import { findDeployment } from '../search/deployment.js';
import { searchLogs } from '../search/logs.js';

/** Events of ERC-7007 and its drafts alone: any ERC-721 logs transfers. */
const DATA_TOPICS = [
  erc7007.events.AigcData.topic,
  firstDraft.events.Mint.topic,
  secondDraft.events.Mint.topic,
];
const ERC721 = '0x80ac58cd';

/**
 * The entry of an address that is an ERC-7007 collection, by its interface, what its code does, or what
 * it logged. An ERC-721 that shows none of these is likely at most.
 *
 * @param because why it was examined; `null`: it was named
 * @returns `null` where it is not even an ERC-721
 */
export async function collectionAt(
  subject: Subject,
  address: Address,
  because: string | null,
): Promise<Found | null> {
  const { node, head } = subject;
  const data = erc7007.functions.supportsInterface.encode({ interfaceId: ERC721 });
  const answer = await node.view(address, data, head);
  if (answer === null || answer.length !== 66 || BigInt(answer) !== 1n) return null;
  const { block } = await findDeployment(subject, address);
  const { name, symbol, recognisedBy } = await detectCollection(
    node,
    { address, startBlock: block },
    null,
  );
  const logged =
    recognisedBy === null && (await hasLogs(subject, address, block ?? 0))
      ? 'it logged contents like ERC-7007 or one of its drafts'
      : null;
  const evidence =
    recognisedBy === 'interface'
      ? 'it reports the interface of ERC-7007'
      : recognisedBy === 'behaviour'
        ? 'its code does what ERC-7007 asks for'
        : logged;
  const isCertain = evidence !== null;
  const why = evidence ?? 'it is an ERC-721, but neither its interface nor its logs show ERC-7007';
  return {
    list: 'collections',
    address,
    isCertain,
    keys: block === null ? {} : { startBlock: block },
    comments: [
      ...(name === null ? [] : [symbol === null ? name : `${name} (${symbol})`]),
      because === null ? why : `found because ${because}; ${why}`,
    ],
  };
}

async function hasLogs(subject: Subject, address: Address, from: number): Promise<boolean> {
  const range = { from, to: subject.head };
  const { items } = await searchLogs(subject, { address, topics: [DATA_TOPICS] }, range, 1);
  return items.length > 0;
}
