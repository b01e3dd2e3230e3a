import type pg from 'pg';
import type { Chain } from '../../devnet/anvil.js';
import { functions as erc20 } from '../../src/abi/erc20.js';
import { functions } from '../../src/abi/erc7641.js';
import type { Address } from '../../src/address.js';
import { readEntitlements } from '../../src/store/read/entitlements.js';
import { readPoolVersions } from '../../src/store/read/poolVersions.js';
import { readRevenueAssets } from '../../src/store/read/revenueAssets.js';
import type { TokenRecord } from '../../src/store/read/tokens.js';
import type { Comparison } from './compare.js';
import { callViews, type ViewCall } from './contractViews.js';

interface Question {
  readonly figure: string;
  readonly call: ViewCall;
  readonly ours: bigint;
  readonly mayRevert: boolean;
}

/**
 * Compares what the books say of a token in every ERC-20 asset at the end of a block with the
 * contracts: `claimableERC20` for every holder and snapshot, `redeemableERC20OnBurn` for every
 * holder, and the asset's own `balanceOf` of the token.
 */
export async function compareAssets(
  db: pg.Pool,
  chain: Chain,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
): Promise<Comparison> {
  const questions: Question[] = [];
  for (const { number, asset } of await readRevenueAssets(db, [token.number])) {
    const [pools] = await readPoolVersions(db, [{ tokenNumber: number, block }]);
    // No snapshot and no burn knows an asset that is not accepted yet.
    if (pools === undefined || pools.supply === 0n) continue;
    const balanceCall = { to: asset, data: erc20.balanceOf.encode({ account: token.address }) };
    questions.push({
      figure: 'asset balanceOf(token)',
      call: { ...balanceCall, block },
      ours: pools.balanceWei,
      mayRevert: false,
    });
    const keys = holders.map((account) => ({ token, account, block, bookNumber: number }));
    const entitlements = await readEntitlements(db, keys);
    const ask = (figure: string, data: string, ours: bigint, mayRevert: boolean) =>
      questions.push({ figure, call: { to: token.address, data, block }, ours, mayRevert });
    entitlements.forEach(({ balance, snapshots, redeemableWei }, index) => {
      const account = holders[index] ?? '0x';
      const redeem = functions.redeemableERC20OnBurn.encode({ amount: balance, token: asset });
      ask(`redeemableERC20OnBurn of ${account}`, redeem, redeemableWei, false);
      for (const { snapshotId, claimableWei } of snapshots) {
        const of = { account, snapshotId: BigInt(snapshotId), token: asset };
        const claim = functions.claimableERC20.encode(of);
        ask(`claimableERC20 of ${account}, ${snapshotId}`, claim, claimableWei, true);
      }
    });
  }
  const answers = await callViews(
    chain.url,
    questions.map(({ call }) => call),
  );
  const comparison: Comparison = { figures: questions.length, mismatches: [] };
  questions.forEach(({ figure, ours, mayRevert }, index) => {
    const contract = answers[index] ?? null;
    if (contract === ours || (contract === null && mayRevert && ours === 0n)) return;
    comparison.mismatches.push({ figure, token: token.address, block, ours, contract });
  });
  return comparison;
}
