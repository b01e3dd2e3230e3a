import { functions } from '../../abi/erc7641.js';
import type { Address } from '../../address.js';
import { isOpen } from '../../ledger/apply.js';
import { redeemableWei } from '../../ledger/entitlement.js';
import type { StorageLayout } from '../../ledger/policies/storage.js';
import { EMPTY_POOLS, type PoolState } from '../../ledger/state.js';
import { rulesAt } from '../../ledger/terms.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readPools } from '../../store/read/tokens/pools.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ChainViews } from './chainViews.js';
import { mappingSlot } from './mappingSlot.js';
import type { Lookup, Question } from './question.js';

/** The private pools of a token as questions, or why they cannot be compared. */
export type StorageQuestions =
  | { readonly questions: readonly Question[]; readonly notCompared: null }
  | { readonly questions: null; readonly notCompared: string };

/**
 * Compares the pools that no view shows, where the storage layout of the contract is a known
 * one. That is proved at the contract itself, without our books: its slots of supply, snapshot
 * counter and last snapshot must hold what its views say, and the pools read from its slots
 * must give, by the formula of the policy, its own `redeemableOnBurn(totalSupply())`.
 */
export async function storageQuestions(
  db: Queryable,
  views: ChainViews,
  token: TokenRecord,
): Promise<StorageQuestions> {
  const { number: tokenNumber, address, rules } = token;
  const { storage: layout } = rules.policy;
  if (layout === null) {
    return notCompared(`no storage layout of policy ${rules.policy.name} is known`);
  }
  const [books = EMPTY_POOLS] = await readPools(db, [{ tokenNumber, block: views.block.number }]);
  const fault = await faultOf(db, views, token, layout, books);
  if (fault !== null) return notCompared(`its storage is not laid out as ${layout.name}: ${fault}`);

  const ask = (figure: string, slot: bigint, ours: bigint): Question => ({
    figure,
    token: address,
    account: null,
    lookup: slotOf(address, slot),
    ours,
    mayRevert: false,
  });
  const questions = [
    ask('storage: redeem pool', layout.redeemPool, books.redeemPoolWei),
    ask('storage: redeemed from new revenue', layout.redeemedFromNew, books.redeemedFromNewWei),
  ];
  if (layout.claimPool !== null) {
    questions.push(ask('storage: claim pool', layout.claimPool, books.claimPoolWei));
  }
  books.snapshots.forEach(({ claimableWei, claimedWei }, index) => {
    const id = index + 1;
    const claimable = mappingSlot(layout.claimable, id);
    questions.push(ask(`storage: claimable of snapshot ${id}`, claimable, claimableWei));
    if (layout.claimed === null) return;
    const claimed = mappingSlot(layout.claimed, id);
    questions.push(ask(`storage: claimed of snapshot ${id}`, claimed, claimedWei));
  });
  return { questions, notCompared: null };
}

function notCompared(reason: string): StorageQuestions {
  return { questions: null, notCompared: `private pools: ${reason}` };
}

/** What a slot holds that it must not hold in this layout; `null` if all is as it must be. */
async function faultOf(
  db: Queryable,
  views: ChainViews,
  token: TokenRecord,
  layout: StorageLayout,
  books: PoolState,
): Promise<string | null> {
  const { address: to, rules } = token;
  const { known } = layout;
  const lastId = books.snapshots.length;
  const view = (data: string): Lookup => ({ kind: 'call', to, data });
  const slots = [known.totalSupply, known.lastSnapshotId, known.lastSnapshot];
  const [supply, ...words] = await views.read([
    view(functions.totalSupply.encode({})),
    ...slots.map((slot) => slotOf(to, slot)),
  ]);
  const expected = [supply, BigInt(lastId), await lastSnapshotOf(db, views, token)];
  for (const [index, slot] of slots.entries()) {
    const [is, must] = [words[index], expected[index]];
    if (is !== must) return `slot ${slot} holds ${is}, not ${must}`;
  }
  if (supply == null || supply === 0n) return 'without supply nothing proves which slot is which';

  const pools = await poolsFromSlots(views, token, layout, lastId, supply);
  const [redeemable] = await views.read([
    view(functions.redeemableOnBurn.encode({ amount: supply })),
  ]);
  const byFormula = redeemableWei(rulesAt(rules, views.block.number), pools, supply);
  if (redeemable === byFormula) return null;
  return `the pools in it would make ${byFormula} wei redeemable, the contract says ${redeemable}`;
}

/** By the getter of the contract; where it has none, the block of the books' last snapshot. */
async function lastSnapshotOf(
  db: Queryable,
  views: ChainViews,
  token: TokenRecord,
): Promise<bigint | null> {
  const { address: to, number, startBlock, rules } = token;
  const { terms } = rulesAt(rules, views.block.number);
  if (terms.window !== null) {
    const getter =
      terms.intervalUnit === 'seconds'
        ? functions.lastSnapshotTimestamp
        : functions.lastSnapshotBlock;
    const [word] = await views.read([{ kind: 'call', to, data: getter.selector }]);
    return word ?? null;
  }
  const { rows } = await db.query<{ readonly block: number | null }>({
    name: 'last_snapshot_block',
    text: `SELECT max(block_number) AS block FROM snapshot
      WHERE token_number = $1 AND block_number <= $2`,
    values: [number, views.block.number],
  });
  return BigInt(rows[0]?.block ?? startBlock);
}

/** The ledger's state of a token, from the contract's storage instead of the books. */
async function poolsFromSlots(
  views: ChainViews,
  { address: to, rules }: TokenRecord,
  { claimable, claimed, claimPool, redeemPool, redeemedFromNew }: StorageLayout,
  lastId: number,
  supply: bigint,
): Promise<PoolState> {
  const lookups: Lookup[] = [
    { kind: 'balance', to },
    slotOf(to, redeemPool),
    slotOf(to, redeemedFromNew),
  ];
  if (claimPool !== null) lookups.push(slotOf(to, claimPool));
  if (claimed !== null) {
    const { terms } = rulesAt(rules, views.block.number);
    for (let id = 1; id <= lastId; id++) {
      if (!isOpen(terms, id, lastId)) continue;
      lookups.push(slotOf(to, mappingSlot(claimable, id)), slotOf(to, mappingSlot(claimed, id)));
    }
  }
  const [balanceWei = 0n, redeemPoolWei = 0n, redeemedFromNewWei = 0n, ...rest] = (
    await views.read(lookups)
  ).map((word) => word ?? 0n);
  const claimPoolWei =
    claimPool !== null
      ? (rest[0] ?? 0n)
      : rest.reduce((sum, word, index) => (index % 2 === 0 ? sum + word : sum - word), 0n);
  return {
    ...EMPTY_POOLS,
    ...{ balanceWei, supply, claimPoolWei, redeemPoolWei, redeemedFromNewWei },
  };
}

function slotOf(to: Address, slot: bigint): Lookup {
  return { kind: 'slot', to, slot };
}
