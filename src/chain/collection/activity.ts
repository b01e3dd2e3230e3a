import { type Address, ZERO_ADDRESS } from '../../address.js';
import type { CollectionActivity } from '../../ledger/attribution.js';
import type { Frame, TransactionRecord } from '../reading/tree/frames.js';
import { readCollectionLog } from './collectionLogs.js';
import { isMint, placeLogs } from './collectionOperations.js';

/** What a transaction did with the tokens of collections. */
export interface TransactionActivity {
  /** The calls in which tokens were minted. */
  readonly mintCalls: readonly { readonly collection: Address; readonly frame: Frame }[];
  /** Collections of which a token went from one owner to another. */
  readonly traded: readonly Address[];
}

/**
 * Reads mints and trades from the logs of a transaction.
 *
 * @param needsMints a payment passed a collection: then it matters which call minted
 * @returns `null` where the call tree must be fetched to know that
 * @throws ImoError as `readCollectionLog` and `entriesOfLogs` do
 */
export function transactionActivity(
  record: TransactionRecord,
  collections: ReadonlySet<string>,
  needsMints: boolean,
): TransactionActivity | null {
  const traded = new Set<Address>();
  for (const log of record.logs) {
    const read = collections.has(log.address) ? readCollectionLog(log) : null;
    if (read?.kind !== 'transfer' || isMint(read)) continue;
    if (read.to !== ZERO_ADDRESS && read.to !== read.from) traded.add(log.address as Address);
  }
  const mintCalls = needsMints ? mintCallsOf(record, collections) : [];
  return mintCalls === null ? null : { mintCalls, traded: [...traded] };
}

function mintCallsOf(
  record: TransactionRecord,
  collections: ReadonlySet<string>,
): TransactionActivity['mintCalls'] | null {
  const mintCalls: { collection: Address; frame: Frame }[] = [];
  for (const address of new Set(record.logs.map((log) => log.address))) {
    if (!collections.has(address)) continue;
    const collection = address as Address;
    const placed = placeLogs(record, collection);
    if (placed === null) return null;
    for (const { read, entry } of placed) {
      if (isMint(read)) mintCalls.push({ collection, frame: entry });
    }
  }
  return mintCalls;
}

/**
 * What of it concerns a payment. Frames of one transaction that come from different records
 * are known by what they say: caller, callee, value and call data.
 */
export function activityAround(
  payment: Frame,
  { mintCalls, traded }: TransactionActivity,
): CollectionActivity {
  for (let frame: Frame | null = payment.parent; frame !== null; frame = frame.parent) {
    const around = frame;
    const mint = mintCalls.find((call) => isSameCall(call.frame, around));
    if (mint !== undefined) return { mintedBy: mint.collection, traded };
  }
  return { mintedBy: null, traded };
}

function isSameCall(one: Frame, other: Frame): boolean {
  return (
    one.kind === other.kind &&
    one.from === other.from &&
    one.to === other.to &&
    one.valueWei === other.valueWei &&
    one.input === other.input
  );
}
