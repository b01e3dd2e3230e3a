import type { Address } from '../../address.js';
import type { DepositPoolRecord } from '../../store/read/pools/depositPools.js';
import { readDepositors } from '../../store/read/pools/poolShares.js';
import { depositorQuestions, poolQuestions } from '../questions/poolQuestions.js';
import { compare } from './compare.js';
import type { AuditContext, AuditPart } from './parts.js';

const DEPOSITORS_PER_PART = 250;

/** Before the first depositor. */
const TOTAL_DONE = '0x';

/** The shares of all of a pool first, then those of its depositors, page by page. */
export async function auditPool(
  { db, views }: AuditContext,
  pool: DepositPoolRecord,
  after: string | null,
): Promise<AuditPart> {
  const { number: block } = views.block;
  if (after === null) {
    const comparison = await compare(views, await poolQuestions(db, pool, block));
    return { comparison, notCompared: [], accounts: 0, next: TOTAL_DONE };
  }
  const depositors = await readDepositors(
    db,
    { poolNumber: pool.number, block },
    { after: after === TOTAL_DONE ? null : (after as Address), limit: DEPOSITORS_PER_PART },
  );
  const last = depositors.at(-1);
  return {
    comparison: await compare(views, await depositorQuestions(db, pool, depositors, block)),
    notCompared: [],
    accounts: depositors.length,
    next: depositors.length < DEPOSITORS_PER_PART || last === undefined ? null : last,
  };
}
