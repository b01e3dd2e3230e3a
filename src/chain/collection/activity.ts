import { type Address, ZERO_ADDRESS } from '../../address.js';
import type { CollectionActivity } from '../../ledger/attribution.js';
import type { Frame, TransactionRecord } from '../frames.js';
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
 * @returns `null` where the call tree must be fetched to know which call minted
 * @throws ImoError as `readCollectionLog` and `entriesOfLogs` do
 */
export function transactionActivity(
  record: TransactionRecord,
  collections: ReadonlySet<string>,
): TransactionActivity | null {
  const mintCalls: { collection: Address; frame: Frame }[] = [];
  const traded = new Set<Address>();
  const emitters = new Set(record.logs.map(({ address }) => address));
  for (const address of emitters) {
    if (!collections.has(address)) continue;
    const collection = address as Address;
    const placed = placeLogs(record, collection);
    if (placed === null) return null;
    for (const { read, entry } of placed) {
      if (read.kind !== 'transfer') continue;
      if (isMint(read)) mintCalls.push({ collection, frame: entry });
      else if (read.to !== ZERO_ADDRESS && read.to !== read.from) traded.add(collection);
    }
  }
  return { mintCalls, traded: [...traded] };
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
