import type { Chain } from '../../devnet/anvil.js';
import type { Address } from '../../src/address.js';
import type { AuditComparison } from '../../src/audit/questions/question.js';
import { participantQuestions, saleQuestions } from '../../src/audit/questions/saleQuestions.js';
import { compare } from '../../src/audit/steps/compare.js';
import { saleViewsOf } from '../../src/chain/sales/byKind.js';
import type { SaleViews } from '../../src/chain/sales/saleKind.js';
import type { Queryable } from '../../src/store/read/query/queryable.js';
import type { SaleRecord } from '../../src/store/read/sales/sales.js';
import { withViews } from './viewsAt.js';

/** The views of OverflowSale, which is described by a mapping. */
const OVERFLOW_VIEWS: SaleViews = {
  sale: [{ signature: 'totalAmount()', ours: ({ state }) => state.raised }],
  participant: [
    { signature: 'deposited(address)', ours: (of) => of.deposited },
    { signature: 'claimedOf(address)', ours: (of) => of.claimed },
    { signature: 'claimedOf(address)', ours: (of) => of.allocated },
    { signature: 'refundedOf(address)', ours: (of) => of.refunded },
  ],
};

/**
 * Compares every figure of a sale and of each participant at the end of a block with the
 * contract's own views at the same block: all of them have to be there.
 */
export function compareSale(
  db: Queryable,
  chain: Chain,
  record: SaleRecord,
  participants: readonly Address[],
  block: number,
): Promise<AuditComparison> {
  const ofKind = saleViewsOf(record.kind) ?? OVERFLOW_VIEWS;
  return withViews(chain, block, async (views) =>
    compare(views, [
      ...(await saleQuestions(db, record, ofKind, block)),
      ...(await participantQuestions(db, record, ofKind, participants, block)),
    ]),
  );
}
