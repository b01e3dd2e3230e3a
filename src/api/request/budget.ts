import { ImoError } from '../../errors.js';

/** What one request may cost, whatever its variables, aliases and nesting. */
const ROWS_AT_MOST = 50_000;
const PAGES_AT_MOST = 200;
/** Each asks the nodes of the chains. */
const CLAIM_PLANS_AT_MOST = 100;

/**
 * Counts what a request has read. Lists inside lists multiply, and a limit on the text of a
 * query does not see page sizes in variables: so the rows themselves are counted.
 */
export class RequestBudget {
  private rows = 0;
  private pages = 0;
  private claimPlans = 0;
  private readonly entries = new Map<string, number>();

  /** @param declared entries of each list without pages, by its type and field; `null`: any number */
  constructor(private readonly declared: () => ReadonlyMap<string, number> | null = () => null) {}

  /** @throws ImoError `QUERY_TOO_LARGE` */
  spendPage(): void {
    this.pages++;
    if (this.pages > PAGES_AT_MOST) throw tooLarge(`${PAGES_AT_MOST} lists`);
  }

  /** @throws ImoError `QUERY_TOO_LARGE` */
  spendClaimPlan(): void {
    this.claimPlans++;
    if (this.claimPlans > CLAIM_PLANS_AT_MOST) throw tooLarge(`${CLAIM_PLANS_AT_MOST} claim plans`);
  }

  /** @throws ImoError `QUERY_TOO_LARGE` if a list has more entries than its query was charged for */
  spendEntries(list: string, count: number): void {
    const entries = (this.entries.get(list) ?? 0) + count;
    this.entries.set(list, entries);
    const most = this.declared()?.get(list);
    if (most !== undefined && entries > most) throw tooLarge(`${most} entries of ${list}`);
  }

  /** @throws ImoError `QUERY_TOO_LARGE` */
  spendRows(count: number): void {
    this.rows += count;
    if (this.rows > ROWS_AT_MOST) throw tooLarge(`${ROWS_AT_MOST} rows`);
  }
}

function tooLarge(limit: string): ImoError {
  return new ImoError(
    'QUERY_TOO_LARGE',
    `the request asks for more than ${limit}`,
    'Ask for smaller pages, or for the inner lists in requests of their own.',
  );
}
