import DataLoader from 'dataloader';
import type { CollectionState } from '../../../ledger/collection.js';
import {
  type ContentKey,
  type ContentRecord,
  type CutBytes,
  readContents,
  readProofs,
} from '../../../store/read/collections/aigcData.js';
import {
  type CollectionAsOf,
  readCollectionStates,
} from '../../../store/read/collections/collectionStates.js';
import {
  type MintPaymentRecord,
  readMintPayments,
} from '../../../store/read/collections/mintPayments.js';
import type { Queryable } from '../../../store/read/query/queryable.js';

/** The reads of ERC-7007 collections for many rows at once. */
export interface AigcLoaders {
  readonly collectionState: DataLoader<CollectionAsOf, CollectionState, string>;
  readonly content: DataLoader<ContentKey, ContentRecord | null, string>;
  readonly proof: DataLoader<{ id: string; limitBytes: number }, CutBytes | null, string>;
  /** By row id. */
  readonly mintPayment: DataLoader<string, MintPaymentRecord | null>;
}

export function createAigcLoaders(db: Queryable): AigcLoaders {
  return {
    collectionState: new DataLoader((keys) => readCollectionStates(db, keys), {
      cacheKeyFn: ({ collectionNumber, block }) => `${collectionNumber} ${block}`,
    }),
    content: new DataLoader((keys) => readContents(db, keys), {
      cacheKeyFn: ({ collectionNumber, hash, upTo, limitBytes }) =>
        `${collectionNumber} ${hash} ${upTo} ${limitBytes}`,
    }),
    proof: new DataLoader((keys) => readProofs(db, keys), {
      cacheKeyFn: ({ id, limitBytes }) => `${id} ${limitBytes}`,
    }),
    mintPayment: new DataLoader((ids) => readMintPayments(db, ids)),
  };
}
