import { type Address, checksummed, ZERO_ADDRESS } from '../../address.js';
import { answerOf, viewData } from '../../chain/pools/registry.js';
import type { PoolMapping } from '../../config/pools/poolMapping.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import { readShares, readTotalShares } from '../../store/read/pools/poolShares.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import type { Question } from './question.js';

/** The shares of all depositors of a pool at the end of a block; none where no view says them. */
export async function poolQuestions(
  db: Queryable,
  pool: DepositPoolRecord,
  block: number,
): Promise<Question[]> {
  const { total } = viewsOf(pool);
  if (total === null) return [];
  const [ours = 0n] = await readTotalShares(db, [{ poolNumber: pool.number, block }]);
  return [questionAbout(pool, total, null, ours)];
}

/** The shares of depositors. Of a pool with one owner, only the owner is asked about. */
export async function depositorQuestions(
  db: Queryable,
  pool: DepositPoolRecord,
  depositors: readonly Address[],
  block: number,
): Promise<Question[]> {
  const views = viewsOf(pool);
  const shares = await readShares(db, { poolNumber: pool.number, block }, depositors);
  return depositors.flatMap((depositor) => {
    const ours = answerOf(views, depositor, shares.get(depositor) ?? 0n);
    return ours === null ? [] : [questionAbout(pool, views.shares, depositor, ours)];
  });
}

function viewsOf({ mapping }: DepositPoolRecord): PoolMapping['views'] {
  // What this program has written.
  return (JSON.parse(mapping) as PoolMapping).views;
}

function questionAbout(
  { address, kind }: DepositPoolRecord,
  view: string,
  account: Address | null,
  ours: bigint,
): Question {
  const asked = account === null ? view : view.replace('address', checksummed(account));
  const data = viewData(view, account ?? ZERO_ADDRESS);
  const lookup = { kind: 'call', to: address, data } as const;
  return {
    figure: `${kind} pool ${asked}`,
    token: address,
    account,
    lookup,
    ours,
    mayRevert: false,
  };
}
