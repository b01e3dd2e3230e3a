import { keccak256 } from 'ethers';
import { type Address, ZERO_ADDRESS } from '../../address.js';
import { append } from '../../append.js';
import {
  type Frame,
  type LogEntry,
  selectorOf,
  type TransactionRecord,
} from '../reading/tree/frames.js';
import { type CollectionLog, type DataLog, readCollectionLog } from './collectionLogs.js';
import { entriesOfLogs } from './entryFrames.js';
import { type MintCall, revenueOfMints } from './mintRevenue.js';
import type {
  CollectionOperation,
  ContentSeen,
  Entry,
  MintPayment,
  ModelAsked,
  PossibleAnswer,
} from './operation.js';
import { knownArguments, searchPreimages } from './preimages.js';
import { type LoggedRequest, readRequestLog } from './requestLogs.js';
import { hashOfId } from './tokenIds.js';

export interface WatchedContracts {
  readonly collections: ReadonlySet<string>;
  readonly revenueTokens: ReadonlySet<string>;
}

/** A log of a collection with what it says and the call in which it was written. */
export interface PlacedLog {
  readonly log: LogEntry;
  readonly read: CollectionLog;
  readonly entry: Frame;
}

/**
 * What a transaction did to each of the collections, in log order: contents before the log
 * that they belong to, a payment before the tokens that it bought, and at the end the money
 * that reached revenue tokens.
 *
 * @returns `null` where several calls came into a collection and nothing shows which of
 *   them wrote which log: the caller must fetch the call tree.
 * @throws ImoError as `readCollectionLog` and `entriesOfLogs` do.
 */
export function collectionOperations(
  record: TransactionRecord,
  { collections, revenueTokens }: WatchedContracts,
): Map<Address, CollectionOperation[]> | null {
  const operations = new Map<Address, CollectionOperation[]>();
  const listOf = (collection: Address) => {
    const list = operations.get(collection) ?? [];
    operations.set(collection, list);
    return list;
  };
  bookRequests(record, collections, listOf);
  const mints: MintCall[] = [];
  for (const collection of collectionsIn(record, collections)) {
    const placed = placeLogs(record, collection);
    if (placed === null) return null;
    append(mints, bookLogs(record, collection, placed, listOf(collection)));
  }
  for (const { collection, revenue } of revenueOfMints(record, mints, revenueTokens)) {
    listOf(collection).push(revenue);
  }
  return operations;
}

function collectionsIn(record: TransactionRecord, collections: ReadonlySet<string>): Address[] {
  const found = record.logs.map(({ address }) => address).filter((one) => collections.has(one));
  return [...new Set(found)] as Address[];
}

/**
 * Requests whose result goes to a collection, or to a contract that did something to one in
 * the same transaction: it may pass the result on.
 */
function bookRequests(
  record: TransactionRecord,
  collections: ReadonlySet<string>,
  listOf: (collection: Address) => CollectionOperation[],
): void {
  const seen: LoggedRequest[] = [];
  for (const log of record.logs) {
    const request = readRequestLog(log);
    if (request === null) continue;
    // The newest oracles write the log of two generations for one request.
    if (seen.some((other) => isSame(other, request))) continue;
    seen.push(request);
    const { input, ...rest } = request;
    const inputHash = keccak256(input);
    const { transactionIndex, transactionHash } = record;
    const asked: Omit<ModelAsked, 'isOwn'> = {
      kind: 'request',
      ...rest,
      inputHash,
      logIndex: log.logIndex,
      transactionIndex,
      transactionHash,
    };
    const isForCollection = collections.has(request.callbackContract);
    const about = isForCollection ? [request.callbackContract] : collectionsIn(record, collections);
    for (const collection of about) {
      const isOwn = hasAsked(record, collection, request);
      listOf(collection).push(content(record, inputHash, input, 'request', null), {
        ...asked,
        isOwn,
      });
    }
  }
}

/** Whether a call of the collection to the oracle named itself as the one that gets the result. */
function hasAsked(record: TransactionRecord, collection: Address, request: LoggedRequest): boolean {
  if (request.callbackContract !== collection || request.account !== collection) return false;
  return record.frames.some(
    ({ kind, from, to, reverted }) =>
      !reverted && kind === 'call' && from === collection && to === request.oracle,
  );
}

function isSame(one: LoggedRequest, other: LoggedRequest): boolean {
  return (
    one.oracle === other.oracle &&
    one.requestId === other.requestId &&
    one.callbackContract === other.callbackContract &&
    one.modelId === other.modelId
  );
}

/**
 * The logs of a collection with the calls that wrote them, where that matters.
 *
 * @returns `null` where the call tree must be fetched
 */
export function placeLogs(record: TransactionRecord, collection: Address): PlacedLog[] | null {
  const read = new Map<LogEntry, CollectionLog>();
  for (const log of record.logs) {
    const known = log.address === collection ? readCollectionLog(log) : null;
    if (known !== null) read.set(log, known);
  }
  // Where nothing was minted or written it does not matter who called.
  const wanted = [...read].filter(([, known]) => known.kind === 'data' || isMint(known));
  const entries = wanted.length === 0 ? null : entriesOfLogs(record, collection, [...read.keys()]);
  if (wanted.length > 0 && entries === null) return null;
  return [...read].map(([log, known]) => ({
    log,
    read: known,
    entry: entries?.get(log) ?? NO_FRAME,
  }));
}

export function isMint(read: CollectionLog): boolean {
  return read.kind === 'transfer' && read.from === ZERO_ADDRESS;
}

function bookLogs(
  record: TransactionRecord,
  collection: Address,
  placed: readonly PlacedLog[],
  list: CollectionOperation[],
): MintCall[] {
  const { transactionIndex, transactionHash } = record;
  const contents = contentsOf(record, collection, placed);
  const payments = new Map<Frame, MintPayment>();
  for (const { log, read, entry } of placed) {
    const place = { transactionIndex, transactionHash, logIndex: log.logIndex };
    append(list, contents.takeFor(read, entryOf(entry)));
    if (read.kind === 'data') {
      const isMintCall = placed.some(
        (other) =>
          other.entry === entry && isMint(other.read) && hasToken(other.read, read.tokenId),
      );
      list.push({ ...read, ...place, entry: entryOf(entry), isMintCall });
      continue;
    }
    let payment: MintPayment | null = null;
    if (isMint(read)) {
      payment = payments.get(entry) ?? null;
      if (payment === null) {
        payment = paymentOf(record, entry, mintCount(placed, entry));
        payments.set(entry, payment);
        list.push(payment);
      }
    }
    list.push({ ...read, ...place, payment });
  }
  append(list, contents.rest());
  return [...payments].map(([frame, payment]) => ({ collection, frame, payment }));
}

function hasToken(read: CollectionLog, tokenId: bigint): boolean {
  return read.kind === 'transfer' && read.firstTokenId <= tokenId && tokenId <= read.lastTokenId;
}

function mintCount(placed: readonly PlacedLog[], entry: Frame): bigint {
  let count = 0n;
  for (const { read, entry: other } of placed) {
    if (other !== entry || read.kind !== 'transfer' || !isMint(read)) continue;
    count += read.lastTokenId - read.firstTokenId + 1n;
  }
  return count;
}

function paymentOf(record: TransactionRecord, entry: Frame, count: bigint): MintPayment {
  let root = entry;
  while (root.parent !== null) root = root.parent;
  const selector = entry.kind === 'call' ? selectorOf(entry.input) : '0x';
  return {
    kind: 'payment',
    payer: entry.from,
    sender: root.from,
    paidWei: entry.valueWei,
    selector: selector === '0x' ? null : selector,
    mintCount: count,
    transactionIndex: record.transactionIndex,
    transactionHash: record.transactionHash,
  };
}

/** All contents that the transaction shows, to be taken out one by one as logs need them. */
function contentsOf(record: TransactionRecord, collection: Address, placed: readonly PlacedLog[]) {
  const inCalls = knownArguments(record, collection);
  const wanted = new Set(placed.flatMap(({ read }) => hashesOf(read)));
  for (const hash of inCalls.keys()) wanted.delete(hash);
  for (const [hash, bytes] of searchPreimages(record, wanted)) inCalls.set(hash, bytes);
  const taken = new Set<string>();
  return {
    takeFor(read: CollectionLog, entry: Entry): ContentSeen[] {
      const seen: ContentSeen[] = [];
      const take = (hash: string, inLog: string | null) => {
        const bytes = inLog ?? inCalls.get(hash);
        if (bytes === undefined || taken.has(hash)) return;
        taken.add(hash);
        seen.push(content(record, hash, bytes, inLog === null ? 'call' : 'log', entry));
      };
      if (read.kind === 'data') {
        for (const { hash, bytes } of [read.prompt, read.aigcData]) take(hash, bytes);
      } else {
        for (const hash of hashesOf(read)) take(hash, null);
      }
      return seen;
    },
    rest(): ContentSeen[] {
      return [...inCalls]
        .filter(([hash]) => !taken.has(hash))
        .map(([hash, bytes]) => content(record, hash, bytes, 'call', null));
    },
  };
}

/** The hashes of a log whose preimage it does not hold itself. */
function hashesOf(read: CollectionLog): string[] {
  if (read.kind === 'data') return unread(read);
  if (!isMint(read) || read.firstTokenId !== read.lastTokenId) return [];
  const hash = hashOfId(read.firstTokenId);
  return hash === null ? [] : [hash];
}

function unread({ prompt, aigcData }: DataLog): string[] {
  return [prompt, aigcData].flatMap(({ hash, bytes }) => (bytes === null ? [hash] : []));
}

function content(
  record: TransactionRecord,
  hash: string,
  bytes: string,
  seenIn: ContentSeen['seenIn'],
  entry: Entry | null,
): ContentSeen {
  const { transactionIndex, transactionHash } = record;
  return { kind: 'content', hash, bytes, seenIn, entry, transactionIndex, transactionHash };
}

function entryOf(entry: Frame): Entry {
  const answers: PossibleAnswer[] = [];
  for (let frame: Frame | null = entry; frame !== null; frame = frame.parent) {
    const { isCall, from: caller, input } = frame;
    if (!isCall || input.length < 74) continue;
    answers.push({ caller, firstArgument: BigInt(`0x${input.slice(10, 74)}`) });
  }
  return { caller: entry.from, answers };
}

/** Stands for the frame of logs that need none: transfers between holders. */
const NO_FRAME: Frame = {
  kind: 'call',
  isCall: false,
  isDelegateCall: false,
  from: ZERO_ADDRESS,
  to: null,
  valueWei: 0n,
  input: '0x',
  reverted: false,
  parent: null,
};
