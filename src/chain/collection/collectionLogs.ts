import { keccak256 } from 'ethers';
import * as erc7007 from '../../abi/erc7007.js';
import * as firstDraft from '../../abi/erc7007FirstDraft.js';
import * as reference from '../../abi/erc7007Reference.js';
import * as secondDraft from '../../abi/erc7007SecondDraft.js';
import * as unindexed from '../../abi/erc7007Unindexed.js';
import type { Address } from '../../address.js';
import { ImoError } from '../../errors.js';
import type { LogEntry } from '../reading/tree/frames.js';

/** Bytes of which a log may hold only the hash. */
export interface LoggedBytes {
  /** keccak-256. */
  readonly hash: string;
  /** `null` where the log holds the hash only. */
  readonly bytes: string | null;
}

/** Tokens that change hands: one, or a range of ERC-2309, both ends included. */
export interface TransferLog {
  readonly kind: 'transfer';
  readonly firstTokenId: bigint;
  readonly lastTokenId: bigint;
  readonly from: Address;
  readonly to: Address;
}

export type DataEvent = 'AigcData' | 'Update' | 'Mint';

/** What a log says about the content of a token. */
export interface DataLog {
  readonly kind: 'data';
  readonly event: DataEvent;
  readonly tokenId: bigint;
  readonly prompt: LoggedBytes;
  readonly aigcData: LoggedBytes;
  /** `null` where the event has none. */
  readonly proof: string | null;
  /** Of the older drafts. */
  readonly uri: string | null;
}

export type CollectionLog = TransferLog | DataLog;

/** The logs of a collection that the books are made from (docs/domain.md#collections). */
export const COLLECTION_TOPICS: readonly string[] = [
  erc7007.events.Transfer.topic,
  erc7007.events.ConsecutiveTransfer.topic,
  erc7007.events.AigcData.topic,
  erc7007.events.Update.topic,
  firstDraft.events.Mint.topic,
  secondDraft.events.Mint.topic,
];

/**
 * Reads a log of a collection. The same event is declared with different fields indexed:
 * the number of topics tells which.
 *
 * @returns `null` for a log of another event.
 * @throws ImoError `COLLECTION_UNKNOWN_LOG` for a shape that is not known, or data that
 *   contradicts it.
 */
export function readCollectionLog(log: LogEntry): CollectionLog | null {
  if (!COLLECTION_TOPICS.includes(log.topics[0] ?? '')) return null;
  const record = { topics: [...log.topics], data: log.data };
  try {
    const read = transferOf(record) ?? dataOf(record);
    if (read !== null) return read;
  } catch (error) {
    throw unknownLog(log, error instanceof Error ? error.message : String(error));
  }
  throw unknownLog(log, `no known event with ${log.topics.length} topics`);
}

interface Record {
  readonly topics: string[];
  readonly data: string;
}

function transferOf(record: Record): TransferLog | null {
  const { Transfer, ConsecutiveTransfer } = erc7007.events;
  if (Transfer.is(record)) {
    const { from, to, tokenId } = Transfer.decode(record);
    return { ...parties(from, to), firstTokenId: tokenId, lastTokenId: tokenId };
  }
  if (ConsecutiveTransfer.is(record)) {
    const { from, to, fromTokenId, toTokenId } = ConsecutiveTransfer.decode(record);
    if (toTokenId < fromTokenId) throw new Error(`token ${toTokenId} is before ${fromTokenId}`);
    return { ...parties(from, to), firstTokenId: fromTokenId, lastTokenId: toTokenId };
  }
  return null;
}

function parties(from: string, to: string) {
  return { kind: 'transfer', from: from as Address, to: to as Address } as const;
}

function dataOf(record: Record): DataLog | null {
  if (erc7007.events.AigcData.is(record)) {
    const { tokenId, prompt, aigcData, proof } = erc7007.events.AigcData.decode(record);
    return data('AigcData', tokenId, hashOnly(prompt), hashOnly(aigcData), proof);
  }
  if (reference.events.AigcData.is(record)) {
    const { tokenId, prompt, aigcData, proof } = reference.events.AigcData.decode(record);
    return data('AigcData', tokenId, hashOnly(prompt), whole(aigcData), proof);
  }
  if (unindexed.events.AigcData.is(record)) {
    const { tokenId, prompt, aigcData, proof } = unindexed.events.AigcData.decode(record);
    return data('AigcData', tokenId, whole(prompt), whole(aigcData), proof);
  }
  if (erc7007.events.Update.is(record)) {
    const { tokenId, prompt, aigcData } = erc7007.events.Update.decode(record);
    return data('Update', tokenId, hashOnly(prompt), hashOnly(aigcData), null);
  }
  if (reference.events.Update.is(record)) {
    const { tokenId, prompt, aigcData } = reference.events.Update.decode(record);
    return data('Update', tokenId, hashOnly(prompt), whole(aigcData), null);
  }
  if (unindexed.events.Update.is(record)) {
    const { tokenId, prompt, aigcData } = unindexed.events.Update.decode(record);
    return data('Update', tokenId, whole(prompt), whole(aigcData), null);
  }
  return draftOf(record);
}

function draftOf(record: Record): DataLog | null {
  if (firstDraft.events.Mint.is(record)) {
    const { tokenId, prompt, aigcData, uri, proof } = firstDraft.events.Mint.decode(record);
    return data('Mint', tokenId, hashOnly(prompt), hashOnly(aigcData), proof, uri);
  }
  if (secondDraft.events.Mint.is(record)) {
    const { tokenId, prompt, aigcData, uri, proof } = secondDraft.events.Mint.decode(record);
    return data('Mint', tokenId, hashOnly(prompt), whole(aigcData), proof, uri);
  }
  return null;
}

function data(
  event: DataEvent,
  tokenId: bigint,
  prompt: LoggedBytes,
  aigcData: LoggedBytes,
  proof: string | null,
  uri: string | null = null,
): DataLog {
  return { kind: 'data', event, tokenId, prompt, aigcData, proof, uri };
}

function hashOnly(topic: string | Uint8Array): LoggedBytes {
  return { hash: typeof topic === 'string' ? topic : hexOf(topic), bytes: null };
}

function whole(bytes: string): LoggedBytes {
  return { hash: keccak256(bytes), bytes };
}

function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString('hex')}`;
}

function unknownLog(log: LogEntry, reason: string): ImoError {
  return new ImoError(
    'COLLECTION_UNKNOWN_LOG',
    `log ${log.logIndex} of collection ${log.address} (topic ${log.topics[0]}) cannot be read: ${reason}`,
    'It is not an event of ERC-721, ERC-2309 or ERC-7007 (docs/domain.md#collections). Remove the collection from the config.',
  );
}
