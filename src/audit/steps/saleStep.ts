import { type Address, checksummed } from '../../address.js';
import { saleViewsOf } from '../../chain/sales/byKind.js';
import { readParticipationPage } from '../../store/read/sales/participationPage.js';
import type { SaleRecord } from '../../store/read/sales/sales.js';
import { NOTHING_COMPARED } from '../questions/question.js';
import { participantQuestions, presentViews, saleQuestions } from '../questions/saleQuestions.js';
import { compare } from './compare.js';
import type { AuditContext, AuditPart } from './parts.js';

const PARTICIPANTS_PER_PART = 250;

/** Before the first participant. */
const TOTALS_DONE = '0x';

/** The totals of a sale first, then its participants, page by page. */
export async function auditSale(
  { db, views }: AuditContext,
  sale: SaleRecord,
  after: string | null,
): Promise<AuditPart> {
  const ofKind = saleViewsOf(sale.kind);
  const name = checksummed(sale.address);
  if (ofKind === null) {
    const notCompared = [`${name} sale: no views are known of kind ${sale.kind}`];
    return { comparison: NOTHING_COMPARED, notCompared, accounts: 0, next: null };
  }
  const { number: block } = views.block;
  const { present, missing } = await presentViews(views, sale, ofKind);
  if (after === null) {
    const comparison = await compare(views, await saleQuestions(db, sale, present, block));
    const notCompared = missing.map((signature) => `${name} sale: it has no ${signature}`);
    return { comparison, notCompared, accounts: 0, next: TOTALS_DONE };
  }
  const start =
    after === TOTALS_DONE ? null : { value: 0n, number: sale.number, account: after as Address };
  const page = await readParticipationPage(
    db,
    {
      owners: [{ number: sale.number, block }],
      account: null,
      isByFigure: false,
      direction: 'ASC',
    },
    { limit: PARTICIPANTS_PER_PART, isBackward: false, after: start, before: null },
  );
  const accounts = page.rows.map(({ participant }) => participant);
  const questions = await participantQuestions(db, sale, present, accounts, block);
  const last = accounts.at(-1);
  return {
    comparison: await compare(views, questions),
    notCompared: [],
    accounts: accounts.length,
    next: page.hasNextPage && last !== undefined ? last : null,
  };
}
