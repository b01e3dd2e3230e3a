import {
  type AccountKey,
  type AccountQuery,
  type AccountTable,
  countAccounts,
  readAccountPage,
} from '../query/accountPage.js';
import type { Page, PageRequest } from '../query/keysetPage.js';
import type { Queryable } from '../query/queryable.js';
import {
  decodeParticipation,
  PARTICIPATION_TOTALS,
  type ParticipationRecord,
  type ParticipationRow,
} from './participations.js';

const PARTICIPATIONS: AccountTable = {
  name: 'sale_entry',
  owner: 'sale_number',
  account: 'participant',
  totals: PARTICIPATION_TOTALS,
  figure: 'deposited',
  statement: 'participation',
};

/** Reads a page of participations: by sale and address, or by deposit; each order has an index. */
export async function readParticipationPage(
  db: Queryable,
  query: AccountQuery,
  request: PageRequest<AccountKey>,
): Promise<Page<ParticipationRecord>> {
  const page = await readAccountPage<ParticipationRow>(db, PARTICIPATIONS, query, request);
  return { ...page, rows: page.rows.map(decodeParticipation) };
}

/** How many participations there are in the whole list. */
export function countParticipations(db: Queryable, query: AccountQuery): Promise<number> {
  return countAccounts(db, PARTICIPATIONS, query);
}
