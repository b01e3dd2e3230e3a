import { type Address, checksummed } from '../../address.js';
import { momentInBooks } from '../../books/archiveMark.js';
import { snapshotsUntilExpiry } from '../../ledger/claimPlan.js';
import { rulesAt } from '../../ledger/terms.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { assetsOf } from '../lists/assetList.js';
import { pooledTokens } from '../objects/holders/through.js';
import type { ApiContext } from '../request/context.js';
import { type ClaimExpiry, expiryOf } from './expiry.js';
import { CHAIN_COIN, type ClaimAsset, type ClaimPayment } from './plan.js';

/** What a pool can claim of one snapshot, and the part of it that is the account's. */
export interface ThroughClaim {
  readonly snapshotId: number;
  readonly pays: readonly ClaimPayment[];
  readonly expiry: ClaimExpiry;
}

/** What a pool has to claim before its depositor can have its part. */
export interface ClaimThrough {
  readonly token: TokenRecord;
  readonly asOf: AsOf;
  /** The pool that has to claim first; the account is a depositor of the last. */
  readonly path: readonly DepositPoolRecord[];
  /** Oldest snapshot first. */
  readonly claims: readonly ThroughClaim[];
  readonly message: string;
}

/** What pools have to claim for an account, over all tokens. */
export async function planThrough(
  context: ApiContext,
  account: Address,
  moments: ReadonlyMap<number, AsOf>,
): Promise<ClaimThrough[]> {
  const tokens = await pooledTokens(context);
  const plans = await Promise.all(
    tokens.map((token) => {
      const asOf = moments.get(token.chainId);
      return asOf === undefined || token.startBlock > asOf.block
        ? []
        : throughToken(context, account, token, momentInBooks(token, asOf));
    }),
  );
  const all = plans.flat();
  for (const { token } of all) context.books.use(token.number);
  context.budget.spendRows(all.reduce((sum, { claims }) => sum + 1 + claims.length, 0));
  return all;
}

async function throughToken(
  context: ApiContext,
  account: Address,
  token: TokenRecord,
  asOf: AsOf,
): Promise<ClaimThrough[]> {
  const { loaders } = context;
  const { block } = asOf;
  const shared = await assetsOf(token, asOf, context);
  const assets: ClaimAsset[] = [CHAIN_COIN, ...shared];
  const [lastSnapshot, ...ofBooks] = await Promise.all([
    loaders.lastSnapshot.load({ tokenNumber: token.number, block }),
    ...[undefined, ...shared.map(({ bookNumber }) => bookNumber)].map((bookNumber) =>
      loaders.through.load({ token, account, block, bookNumber }),
    ),
  ]);
  const [first = []] = ofBooks;
  const { terms } = rulesAt(token.rules, block);
  return first.flatMap(({ path, pool }, at): ClaimThrough[] => {
    const lastId = pool.snapshots.length;
    const claims = pool.snapshots.flatMap(({ snapshotId }, index): ThroughClaim[] => {
      const pays = assets.flatMap((asset, book): ClaimPayment[] => {
        const amount = ofBooks[book]?.[at]?.entitlement.snapshots[index]?.claimableWei ?? 0n;
        return amount === 0n ? [] : [{ asset, amount, asOf }];
      });
      if (pays.length === 0) return [];
      const left = snapshotsUntilExpiry(terms, snapshotId, lastId);
      return [{ snapshotId, pays, expiry: expiryOf({ token, asOf, lastSnapshot }, left) }];
    });
    return claims.length === 0 ? [] : [{ token, asOf, path, claims, message: messageOf(path) }];
  });
}

function messageOf([pool]: readonly DepositPoolRecord[]): string {
  if (pool === undefined) return '';
  const name = pool.label === null ? '' : `${pool.label} `;
  return `Your pool ${name}(${checksummed(pool.address)}) has to claim this: only it can.`;
}
