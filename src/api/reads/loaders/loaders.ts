import DataLoader from 'dataloader';
import type { HolderBook } from '../../../ledger/claimPlan.js';
import type { Entitlement } from '../../../ledger/entitlement.js';
import { type AccountFacts, readAccountFacts } from '../../../store/read/accounts/accountKinds.js';
import { type DustKey, readDust } from '../../../store/read/entitlements/dust.js';
import {
  type EntitlementKey,
  entitlementName,
  readHolderBooks,
} from '../../../store/read/entitlements/entitlements.js';
import { type PostingRecord, readPostings } from '../../../store/read/journal/journal.js';
import { type ChainAddress, readNames } from '../../../store/read/names/addressNames.js';
import { readDepositPools } from '../../../store/read/pools/depositPools.js';
import { type PoolDustKey, readPoolDust } from '../../../store/read/pools/poolDust.js';
import { type PoolAsOf, readTotalShares } from '../../../store/read/pools/poolShares.js';
import { readThrough, type ThroughPath } from '../../../store/read/pools/through.js';
import {
  type EntryPrice,
  type PriceKey,
  readEntryPrices,
} from '../../../store/read/prices/entryPrices.js';
import type { Queryable } from '../../../store/read/query/queryable.js';
import {
  readSaleVersions,
  type SaleAsOf,
  type SaleVersion,
} from '../../../store/read/sales/saleVersions.js';
import {
  type Commitment,
  type CommitmentKey,
  readCommitments,
} from '../../../store/read/tokens/commitments.js';
import {
  type PoolVersion,
  readPoolVersions,
  type TokenAsOf,
} from '../../../store/read/tokens/poolVersions.js';
import { readLastSnapshots, type SnapshotRecord } from '../../../store/read/tokens/snapshots.js';
import type { JoinedReads } from '../joinedReads.js';
import { type AigcLoaders, createAigcLoaders } from './aigcLoaders.js';
import { createOracleLoaders, type OracleLoaders } from './oracleLoaders.js';
import { VersionLoaders } from './versionLoaders.js';

/**
 * Reads for many rows at once: what the fields of a page ask for one by one becomes one read.
 * Made for each request, since an answer belongs to its moment.
 */
export interface Loaders extends AigcLoaders, OracleLoaders {
  readonly poolVersion: DataLoader<TokenAsOf, PoolVersion, string>;
  readonly saleVersion: DataLoader<SaleAsOf, SaleVersion, string>;
  readonly lastSnapshot: DataLoader<TokenAsOf, SnapshotRecord | null, string>;
  /** What rounding leaves of a snapshot, in wei. */
  readonly dust: DataLoader<DustKey, bigint, string>;
  readonly commitment: DataLoader<CommitmentKey, Commitment | null, string>;
  /** Postings of a journal entry by its id. */
  readonly postings: DataLoader<string, PostingRecord[]>;
  readonly entitlement: DataLoader<EntitlementKey, Entitlement, string>;
  /** What entitlements are computed from. */
  readonly holderBook: DataLoader<EntitlementKey, HolderBook, string>;
  /** The shares of all depositors of a pool. */
  readonly totalShares: DataLoader<PoolAsOf, bigint, string>;
  /** What is left of a snapshot's share of a pool when every depositor has its part. */
  readonly poolDust: DataLoader<PoolDustKey, bigint | null, string>;
  /** What accounts are owed through pools. */
  readonly through: DataLoader<EntitlementKey, ThroughPath[], string>;
  /** Owners and contents of tokens, results of requests. */
  readonly versions: VersionLoaders;
  /** The name that the config gives an address; `null`: none. */
  readonly addressName: DataLoader<ChainAddress, string | null, string>;
  /** What is known of an account. */
  readonly account: DataLoader<ChainAddress, AccountFacts, string>;
  /** The price that holds for an entry. */
  readonly price: DataLoader<PriceKey, EntryPrice, string>;
}

/** A snapshot of a million holders takes a second; a statement may take ten. */
const DUST_AT_ONCE = 5;

export function createLoaders(db: Queryable, joined: JoinedReads): Loaders {
  return {
    ...createAigcLoaders(db),
    ...createOracleLoaders(db),
    poolVersion: new DataLoader((keys) => readPoolVersions(db, keys), { cacheKeyFn: tokenKey }),
    saleVersion: new DataLoader((keys) => readSaleVersions(db, keys), {
      cacheKeyFn: ({ saleNumber, block }) => `${saleNumber} ${block}`,
    }),
    lastSnapshot: new DataLoader((keys) => readLastSnapshots(db, keys), { cacheKeyFn: tokenKey }),
    dust: new DataLoader((keys) => readDust(db, keys), {
      maxBatchSize: DUST_AT_ONCE,
      cacheKeyFn: ({ tokenNumber, bookNumber = tokenNumber, snapshotId }) =>
        `${bookNumber} ${snapshotId}`,
    }),
    commitment: new DataLoader((keys) => readCommitments(db, keys), {
      cacheKeyFn: ({ bookNumber, snapshotId }) => `${bookNumber} ${snapshotId}`,
    }),
    postings: new DataLoader((ids) => readPostings(db, ids)),
    entitlement: new DataLoader((keys) => joined.entitlements(keys), {
      cacheKeyFn: entitlementName,
    }),
    holderBook: new DataLoader((keys) => readHolderBooks(db, keys), {
      cacheKeyFn: entitlementName,
    }),
    totalShares: new DataLoader((keys) => readTotalShares(db, keys), {
      cacheKeyFn: ({ poolNumber, block }) => `${poolNumber} ${block}`,
    }),
    poolDust: new DataLoader((keys) => readPoolDust(db, keys), {
      maxBatchSize: DUST_AT_ONCE,
      cacheKeyFn: ({ poolNumber, snapshotId, poolShareWei }) =>
        `${poolNumber} ${snapshotId} ${poolShareWei}`,
    }),
    through: new DataLoader(async (keys) => readThrough(db, await readDepositPools(db), keys), {
      cacheKeyFn: entitlementName,
    }),
    versions: new VersionLoaders(db),
    addressName: new DataLoader((addresses) => readNames(db, addresses), {
      cacheKeyFn: addressKey,
    }),
    account: new DataLoader((addresses) => readAccountFacts(db, addresses), {
      cacheKeyFn: addressKey,
    }),
    price: new DataLoader((keys) => readEntryPrices(db, keys), {
      cacheKeyFn: ({ chainId, asset, currency, block, transactionIndex }) =>
        `${chainId} ${asset} ${currency} ${block} ${transactionIndex}`,
    }),
  };
}

function addressKey({ chainId, address }: ChainAddress): string {
  return `${chainId} ${address}`;
}

function tokenKey({ tokenNumber, block }: TokenAsOf): string {
  return `${tokenNumber} ${block}`;
}
