import type { CollectionPart, IncomeSource } from './journal.js';

/** An address that is known by the config. */
export type KnownSource = Extract<IncomeSource, 'oracle' | 'collection' | 'sale' | 'known'>;

/** What known collections did around a payment. */
export interface CollectionActivity {
  /** The innermost one that minted in a call around the payment. */
  readonly mintedBy: string | null;
  /** Those of which a token went from one owner to another in the transaction. */
  readonly traded: readonly string[];
}

export const NO_ACTIVITY: CollectionActivity = { mintedBy: null, traded: [] };

/** Where a receipt is said to come from. */
export interface Attribution {
  readonly source: IncomeSource;
  /** The known address, `null` if there is none on the way. */
  readonly address: string | null;
  /** The model, if an oracle paid its revenue out. */
  readonly modelId: bigint | null;
  /** Of a collection; `null` where nothing tells which part it is. */
  readonly collectionPart: CollectionPart | null;
}

/**
 * Names the source of a payment:
 * 1. the last oracle, sale or collection on the way. A collection's is a mint where one minted
 *    in a call around the payment, a royalty where a token of it was traded in the transaction;
 * 2. without any, the collection of which a token was traded in the transaction: markets pay
 *    royalties as plain ETH (docs/domain.md#collections). Where tokens of several were, nobody knows which;
 * 3. the last labelled address on the way;
 * 4. unknown.
 *
 * @param path from the sender of the transaction to the payer
 */
export function attribute(
  path: readonly string[],
  payout: { readonly oracle: string; readonly modelId: bigint } | null,
  known: ReadonlyMap<string, KnownSource>,
  { mintedBy, traded }: CollectionActivity = NO_ACTIVITY,
): Attribution {
  const nearestFirst = [...path].reverse();
  const contract = nearestFirst.find((address) => {
    const kind = known.get(address);
    return kind !== undefined && kind !== 'known';
  });
  const source = contract === undefined ? undefined : known.get(contract);
  if (contract !== undefined && source === 'collection') {
    if (mintedBy !== null) return ofCollection(mintedBy, 'mint');
    return ofCollection(contract, traded.includes(contract) ? 'royalty' : null);
  }
  if (contract !== undefined && source !== undefined) {
    const isPayout = source === 'oracle' && payout?.oracle === contract;
    const modelId = isPayout ? payout.modelId : null;
    return { source, address: contract, modelId, collectionPart: null };
  }
  const [only, ...others] = traded;
  if (only !== undefined) return ofCollection(others.length === 0 ? only : null, 'royalty');
  const address = nearestFirst.find((passed) => known.has(passed)) ?? null;
  const plain = address === null ? 'unknown' : 'known';
  return { source: plain, address, modelId: null, collectionPart: null };
}

function ofCollection(address: string | null, collectionPart: CollectionPart | null): Attribution {
  return { source: 'collection', address, modelId: null, collectionPart };
}
