import { getBalance } from '../../devnet/chain.js';
import { readContract } from '../../devnet/deploy.js';
import { MODEL_IDS, type OracleWorld } from '../../devnet/oracleLife.js';
import type { Address } from '../../src/address.js';
import { type AuditComparison, type Mismatch, summed } from '../../src/audit/questions/question.js';
import { compareModels as compareOracle } from '../../src/audit/steps/compareModels.js';
import type { Queryable } from '../../src/store/read/query/queryable.js';
import type { IndexedContract } from '../../src/store/registry/contracts.js';
import { withViews } from './viewsAt.js';

/**
 * Compares terms and accrued revenue of every model that may be there, at the end of a block,
 * with `getModel` of the oracles, by the audit's own comparison.
 */
export function compareModels(
  db: Queryable,
  world: OracleWorld,
  contracts: readonly IndexedContract[],
  block: number,
  modelIds: readonly bigint[] = MODEL_IDS,
): Promise<AuditComparison> {
  return withViews(world.chain, block, async (views, node) => {
    const comparisons: AuditComparison[] = [];
    for (const oracle of contracts) {
      comparisons.push(await compareOracle(db, node, oracle, views.block, modelIds));
    }
    return summed(comparisons);
  });
}

/** What the payouts of each block brought a receiver, against what its balance gained. */
export async function comparePayouts(
  db: Queryable,
  { chain, money, plainReceivers }: OracleWorld,
  upTo: number,
): Promise<AuditComparison> {
  const mismatches: Mismatch[] = [];
  const { rows } = await db.query<{
    block: number;
    receiver: string;
    asset: string;
    amount: string;
  }>({
    text: `SELECT block_number AS block, '0x' || encode(receiver, 'hex') AS receiver, asset,
        sum(amount)::text AS amount
      FROM model_payout WHERE block_number <= $1 GROUP BY 1, 2, 3 ORDER BY 1`,
    values: [upTo],
  });
  let figures = 0;
  for (const { block, receiver, asset, amount } of rows) {
    if (!plainReceivers.includes(receiver)) continue;
    const held = (at: number): Promise<bigint> =>
      asset === 'native'
        ? getBalance(chain, receiver, at)
        : readContract(chain, money, 'balanceOf', [receiver], at);
    const gained = (await held(block)) - (await held(block - 1));
    figures++;
    if (gained === BigInt(amount)) continue;
    const token = receiver as Address;
    const figure = `payout in ${asset}`;
    const of = { token, account: null, block };
    mismatches.push({ figure, ...of, ours: BigInt(amount), contract: gained });
  }
  return { figures, mismatches };
}
