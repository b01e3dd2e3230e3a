import { functions as erc20 } from '../../abi/erc20.js';
import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { burnRates, isOpen } from '../../ledger/apply.js';
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
  const { address: to } = token;
  const rules = rulesAt(token.rules, block);
  const { policy, terms } = rules;
  const isView = new Set(policy.views);
  const questions: Question[] = [];
  for (const { number, asset } of await sharedAssets(db, token, block)) {
    const entitlements = await readEntitlements(
      db,
      holders.map((account) => ({ token, account, block, bookNumber: number })),
    );
    const [pools = EMPTY_POOLS] = await readPools(db, [{ tokenNumber: number, block }]);
    const rates = burnRates(rules, pools);
    holders.forEach((account, index) => {
      const entitlement = entitlements[index];
      if (entitlement === undefined) throw new RangeError(`no entitlement was read for ${account}`);
      const { balance, snapshots, redeemableWei } = entitlement;
      const ask = (figure: string, data: string, ours: bigint, mayRevert: boolean) => {
        const lookup = { kind: 'call', to, data } as const;
        questions.push({ figure, token: to, account, lookup, ours, mayRevert });
      };
      const { sharesEth } = policy;
      if (!sharesEth) {
        const redeem = functions.redeemableOnBurn.encode({ amount: balance });
        ask(`redeemableOnBurn(balanceOf(${account}))`, redeem, redeemableWei, rates === null);
      }
      for (const { snapshotId, claimableWei, state } of sharesEth ? [] : snapshots) {
        if (scope === 'open' && !isOpen(terms, snapshotId, snapshots.length)) continue;
        const data = functions.claimableRevenue.encode({ account, snapshotId: BigInt(snapshotId) });
        const figure = `claimableRevenue(${account}, ${snapshotId})`;
        ask(figure, data, claimableWei, state !== 'OPEN');
      }
      if (isView.has(functions.redeemableERC20OnBurn.signature)) {
        const redeem = functions.redeemableERC20OnBurn.encode({ amount: balance, token: asset });
        const figure = `redeemableERC20OnBurn(balanceOf(${account}), ${asset})`;
        ask(figure, redeem, redeemableWei, rates === null);
      }
      if (!isView.has(functions.claimableERC20.signature)) return;
      for (const { snapshotId, claimableWei } of snapshots) {
        if (scope === 'open' && !isOpen(terms, snapshotId, snapshots.length)) continue;
        const of = { account, snapshotId: BigInt(snapshotId), token: asset };
        const figure = `claimableERC20(${account}, ${snapshotId}, ${asset})`;
        // Claimed in another asset, it counts as claimed in this one too.
        ask(figure, functions.claimableERC20.encode(of), claimableWei, true);
      }
    });
  }
  return questions;
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
