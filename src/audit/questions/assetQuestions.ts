import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { burnRates, isOpen } from '../../ledger/apply.js';
import type { SnapshotEntitlement } from '../../ledger/entitlement.js';
import { EMPTY_POOLS } from '../../ledger/state.js';
import { rulesAt } from '../../ledger/terms.js';
import { readEntitlements } from '../../store/read/entitlements/entitlements.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readPools } from '../../store/read/tokens/pools.js';
import { readPoolVersions } from '../../store/read/tokens/poolVersions.js';
import { type RevenueAsset, readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Question } from './question.js';
import type { SnapshotScope } from './tokenQuestions.js';
import { viewCallData } from './viewCalls.js';

/** What the token holds of every ERC-20 that it shares, by the asset's own `balanceOf`. */
export async function assetQuestions(
  db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<Question[]> {
  const books = await sharedAssets(db, token, block);
  return books.map(({ asset, balance }) => ({
    figure: `balance of asset ${asset}`,
    token: token.address,
    account: null,
    lookup: { kind: 'call', to: asset, data: erc20.balanceOf.encode({ account: token.address }) },
    ours: balance,
    mayRevert: false,
  }));
}

/** What holders can claim and redeem in every ERC-20 that the token shares. */
export async function assetHolderQuestions(
  db: Queryable,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
  scope: SnapshotScope,
): Promise<Question[]> {
  const rules = rulesAt(token.rules, block);
  const questions: Question[] = [];
  for (const { number, asset } of await sharedAssets(db, token, block)) {
    const entitlements = await readEntitlements(
      db,
      holders.map((account) => ({ token, account, block, bookNumber: number })),
    );
    const [pools = EMPTY_POOLS] = await readPools(db, [{ tokenNumber: number, block }]);
    const mayRevert = burnRates(rules, pools) === null;
    holders.forEach((account, index) => {
      const entitlement = entitlements[index];
      if (entitlement === undefined) throw new RangeError(`no entitlement was read for ${account}`);
      const { balance, redeemableWei } = entitlement;
      const snapshots = entitlement.snapshots.filter(
        ({ snapshotId }, _, all) => scope !== 'open' || isOpen(rules.terms, snapshotId, all.length),
      );
      const holder = { account, balance, redeemableWei, mayRevert, snapshots };
      const figures = [
        ...(rules.policy.sharesEth ? [] : figuresOfOneAsset(holder)),
        ...figuresByAsset(holder, asset, rules.policy.views),
      ];
      for (const { data, ...figure } of figures) {
        const lookup = { kind: 'call', to: token.address, data } as const;
        questions.push({ ...figure, token: token.address, account, lookup });
      }
    });
  }
  return questions;
}

interface HolderInAsset {
  readonly account: Address;
  readonly balance: bigint;
  readonly redeemableWei: bigint;
  /** What a burn would pay: it divides by the supply. */
  readonly mayRevert: boolean;
  /** Those to ask for. */
  readonly snapshots: readonly SnapshotEntitlement[];
}

interface Figure extends Pick<Question, 'figure' | 'ours' | 'mayRevert'> {
  /** Of the call. */
  readonly data: string;
}

/** Views of a token that shares one asset in place of ETH. */
function figuresOfOneAsset({
  account,
  balance,
  redeemableWei,
  mayRevert,
  snapshots,
}: HolderInAsset): Figure[] {
  const redeemable = {
    figure: `redeemableOnBurn(balanceOf(${account}))`,
    data: viewCallData(functions.redeemableOnBurn, balance),
    ours: redeemableWei,
    mayRevert,
  };
  const claimable = snapshots.map(({ snapshotId, claimableWei, state }) => ({
    figure: `claimableRevenue(${account}, ${snapshotId})`,
    data: viewCallData(functions.claimableRevenue, account, BigInt(snapshotId)),
    ours: claimableWei,
    mayRevert: state !== 'OPEN',
  }));
  return [redeemable, ...claimable];
}

/** Views that take the asset as an argument, of those that the token has. */
function figuresByAsset(
  { account, balance, redeemableWei, mayRevert, snapshots }: HolderInAsset,
  asset: Address,
  views: readonly string[],
): Figure[] {
  const figures: Figure[] = [];
  if (views.includes(functions.redeemableERC20OnBurn.signature)) {
    const figure = `redeemableERC20OnBurn(balanceOf(${account}), ${asset})`;
    const data = viewCallData(functions.redeemableERC20OnBurn, balance, asset);
    figures.push({ figure, data, ours: redeemableWei, mayRevert });
  }
  if (!views.includes(functions.claimableERC20.signature)) return figures;
  for (const { snapshotId, claimableWei } of snapshots) {
    const figure = `claimableERC20(${account}, ${snapshotId}, ${asset})`;
    const data = viewCallData(functions.claimableERC20, account, BigInt(snapshotId), asset);
    // Claimed in another asset, it counts as claimed in this one too.
    figures.push({ figure, data, ours: claimableWei, mayRevert: true });
  }
  return figures;
}

/** No snapshot and no burn knows an asset that is not accepted yet: it has no supply. */
async function sharedAssets(
  db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<(RevenueAsset & { readonly balance: bigint })[]> {
  if (!token.rules.policy.sharesAssets) return [];
  const assets = await readRevenueAssets(db, [token.number]);
  const versions = await readPoolVersions(
    db,
    assets.map(({ number }) => ({ tokenNumber: number, block })),
  );
  return assets.flatMap((asset, index) => {
    const version = versions[index];
    if (version === undefined || version.supply === 0n) return [];
    return [{ ...asset, balance: version.balanceWei }];
  });
}
