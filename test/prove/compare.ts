import type pg from 'pg';
import type { Chain } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import type { Entitlement } from '../../src/ledger/entitlement.js';
import { readEntitlements } from '../../src/store/read/entitlements.js';
import { readPoolVersions } from '../../src/store/read/poolVersions.js';
import type { TokenRecord } from '../../src/store/read/tokens.js';
import { callViews, type ViewCall, views } from './contractViews.js';

/** A figure of ours that the contract does not confirm. */
export interface Mismatch {
  readonly figure: string;
  readonly token: Address;
  readonly block: number;
  readonly ours: bigint;
  /** `null`: the contract reverts. */
  readonly contract: bigint | null;
}

export interface Comparison {
  figures: number;
  readonly mismatches: Mismatch[];
}

interface Question {
  readonly figure: string;
  readonly call: ViewCall;
  readonly ours: bigint;
  /** The contract may revert instead of saying 0. */
  readonly mayRevert: boolean;
}

/**
 * Compares every figure of a token at the end of a block with the contract's own views at
 * the same block: `claimableRevenue` for every holder and snapshot, `redeemableOnBurn` and
 * `balanceOf` for every holder, `totalSupply` and the ETH balance.
 */
export async function compareToken(
  db: pg.Pool,
  chain: Chain,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
): Promise<Comparison> {
  const keys = holders.map((account) => ({ token, account, block }));
  const entitlements = await readEntitlements(db, keys);
  const [pools] = await readPoolVersions(db, [{ tokenNumber: token.number, block }]);
  const to = token.address;
  const supply = pools?.supply ?? 0n;
  const questions: Question[] = [
    {
      figure: 'totalSupply()',
      call: { to, data: views.totalSupply(), block },
      ours: supply,
      mayRevert: false,
    },
  ];
  holders.forEach((holder, index) => {
    const entitlement = entitlements[index];
    if (entitlement === undefined) throw new Error(`no entitlement for ${holder}`);
    questions.push(...questionsOf(token, holder, entitlement, supply, block));
  });
  const answers = await callViews(
    chain.url,
    questions.map((question) => question.call),
  );
  const comparison: Comparison = { figures: questions.length + 1, mismatches: [] };
  questions.forEach(({ figure, ours, mayRevert }, index) => {
    const contract = answers[index] ?? null;
    if (contract === ours || (contract === null && mayRevert && ours === 0n)) return;
    comparison.mismatches.push({ figure, token: to, block, ours, contract });
  });
  const balance = BigInt(
    await chain.rpc.call<string>('eth_getBalance', [to, `0x${block.toString(16)}`]),
  );
  if (balance !== (pools?.balanceWei ?? 0n)) {
    comparison.mismatches.push({
      figure: 'eth_getBalance',
      token: to,
      block,
      ours: pools?.balanceWei ?? 0n,
      contract: balance,
    });
  }
  return comparison;
}

function questionsOf(
  token: TokenRecord,
  holder: Address,
  entitlement: Entitlement,
  supply: bigint,
  block: number,
): Question[] {
  const to = token.address;
  const questions: Question[] = [
    {
      figure: `balanceOf(${holder})`,
      call: { to, data: views.balanceOf(holder), block },
      ours: entitlement.balance,
      mayRevert: false,
    },
    {
      figure: `redeemableOnBurn(${entitlement.balance})`,
      call: { to, data: views.redeemableOnBurn(entitlement.balance), block },
      ours: entitlement.redeemableWei,
      mayRevert: supply === 0n,
    },
  ];
  for (const snapshot of entitlement.snapshots) {
    // An open snapshot must answer; a claimed or expired one answers 0 or reverts.
    const settled = snapshot.state === 'CLAIMED' || snapshot.state === 'EXPIRED';
    const expired =
      entitlement.snapshots.length - snapshot.snapshotId >=
      (token.rules.terms.window ?? Number.POSITIVE_INFINITY);
    questions.push({
      figure: `claimableRevenue(${holder}, ${snapshot.snapshotId})`,
      call: { to, data: views.claimableRevenue(holder, snapshot.snapshotId), block },
      ours: snapshot.claimableWei,
      // Claimed in another asset, it counts as claimed in ETH too.
      mayRevert: settled || expired || token.rules.policy.sharesAssets,
    });
  }
  return questions;
}
