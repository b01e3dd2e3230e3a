import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { burnRates, isOpen, quoteOf } from '../../ledger/apply.js';
import { snapshotRate } from '../../ledger/entitlement.js';
import { checkedPartOf } from '../../ledger/rate.js';
import { EMPTY_POOLS, type SnapshotPool } from '../../ledger/state.js';
import { rulesAt } from '../../ledger/terms.js';
import { readEntitlements } from '../../store/read/entitlements/entitlements.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readPools } from '../../store/read/tokens/pools.js';
import { readPoolVersions } from '../../store/read/tokens/poolVersions.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { Question } from './question.js';
import { termsQuestions } from './termsQuestions.js';
import { viewCallData } from './viewCalls.js';

/** Which snapshots of a holder to ask about: those that can be claimed, or all. */
export type SnapshotScope = 'open' | 'all';

/** Supply, ETH and terms of a token at the end of a block. */
export async function tokenQuestions(
  db: Queryable,
  token: TokenRecord,
  block: number,
): Promise<Question[]> {
  const [pools] = await readPoolVersions(db, [{ tokenNumber: token.number, block }]);
  const { address: to } = token;
  const question = { token: to, account: null, mayRevert: false };
  const supply: Question[] = [
    {
      ...question,
      figure: 'totalSupply()',
      lookup: { kind: 'call', to, data: functions.totalSupply.encode({}) },
      ours: pools?.supply ?? 0n,
    },
  ];
  // Before a proxy is initialised it has neither supply nor terms.
  const terms = (pools?.supply ?? 0n) > 0n ? termsQuestions(token, block) : [];
  if (!token.rules.policy.sharesEth) return [...supply, ...terms];
  return [
    ...supply,
    ...terms,
    {
      ...question,
      figure: 'ETH balance',
      lookup: { kind: 'balance', to },
      ours: pools?.balanceWei ?? 0n,
    },
  ];
}

/** A share divides by the supply, and reverts where its product exceeds 256 bits. */
function answersShare(pool: SnapshotPool | undefined, balanceAt: bigint): boolean {
  if (pool === undefined) return true;
  return pool.supply !== 0n && checkedPartOf(balanceAt, snapshotRate(pool)) !== null;
}

/** Balance, redeemable and claimable of holders at the end of a block, by the books in ETH. */
export async function holderQuestions(
  db: Queryable,
  token: TokenRecord,
  holders: readonly Address[],
  block: number,
  scope: SnapshotScope,
): Promise<Question[]> {
  const { address: to, number: tokenNumber } = token;
  const rules = rulesAt(token.rules, block);
  const { policy, terms } = rules;
  const [pools = EMPTY_POOLS] = await readPools(db, [{ tokenNumber, block }]);
  const entitlements = await readEntitlements(
    db,
    holders.map((account) => ({ token, account, block })),
  );
  const isView = new Set(policy.sharesEth ? policy.views : []);
  return holders.flatMap((account, index) => {
    const entitlement = entitlements[index];
    if (entitlement === undefined) throw new RangeError(`no entitlement was read for ${account}`);
    const { balance, snapshots, redeemableWei } = entitlement;
    const ask = (figure: string, data: string, ours: bigint, mayRevert: boolean): Question => ({
      figure,
      token: to,
      account,
      lookup: { kind: 'call', to, data },
      ours,
      mayRevert,
    });
    const questions = [
      ask(`balanceOf(${account})`, viewCallData(functions.balanceOf, account), balance, false),
    ];
    if (isView.has(functions.redeemableOnBurn.signature)) {
      const redeem = viewCallData(functions.redeemableOnBurn, balance);
      // It divides by the supply, and reverts where a product exceeds 256 bits.
      const rates = burnRates(rules, pools);
      const mayRevert = rates === null || quoteOf(rates, balance) === null;
      questions.push(
        ask(`redeemableOnBurn(balanceOf(${account}))`, redeem, redeemableWei, mayRevert),
      );
    }
    if (!isView.has(functions.claimableRevenue.signature)) return questions;
    for (const { snapshotId, balanceAt, claimableWei, state } of snapshots) {
      const open = isOpen(terms, snapshotId, snapshots.length);
      if (!open && scope === 'open') continue;
      const figure = `claimableRevenue(${account}, ${snapshotId})`;
      // An open snapshot must answer; a claimed or expired one answers 0 or reverts. Claimed in
      // another asset, it counts as claimed in ETH too; taken without supply, it divides by zero.
      const answersClaimed = open && policy.parts.claimedId === 'zero';
      const settled = (state === 'CLAIMED' && !answersClaimed) || state === 'EXPIRED' || !open;
      const hasShare = answersShare(pools.snapshots[snapshotId - 1], balanceAt);
      const data = viewCallData(functions.claimableRevenue, account, BigInt(snapshotId));
      questions.push(ask(figure, data, claimableWei, settled || !hasShare || policy.sharesAssets));
    }
    return questions;
  });
}
