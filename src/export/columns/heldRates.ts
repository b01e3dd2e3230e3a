import { isOpen } from '../../ledger/apply.js';
import { accruingRate, redemptionRates, snapshotRate } from '../../ledger/entitlement.js';
import { lastSnapshotId, type PoolState } from '../../ledger/state.js';
import { rulesAt } from '../../ledger/terms.js';
import { readPools } from '../../store/read/tokens/pools.js';
import {
  bookNumbers,
  type ExportScope,
  rowsOfBooks,
  type ScopedBook,
  tokenNumbers,
} from './scope.js';
import { checkedPartText, integerLiteral, literalTable, rateLiterals } from './sqlText.js';

/**
 * What holders are owed, for all of them in one query. `entitlementOf` of the ledger is the rule
 * for one holder, but it is too slow for a million. So the ledger gives the rate of a token unit
 * (`snapshotRate`, `accruingRate`, `redemptionRates`) and the open snapshots, and the query has
 * these few rates as literals. SQL itself does `checkedPartOf`, finds the balance of a snapshot, and
 * does `standingOf`. test/export/entitlements.test.ts compares the result with the ledger for every
 * holder.
 */
export interface BookState extends ScopedBook {
  readonly state: PoolState;
}

/** The pools of every book of the scope, as of its block. */
export async function readBookStates({ db, books }: ExportScope): Promise<BookState[]> {
  const states = await readPools(
    db,
    books.map(({ number, block }) => ({ tokenNumber: number, block })),
  );
  return books.map((book, index) => {
    const state = states[index];
    if (state === undefined)
      throw new RangeError(`the pools of books ${book.number} were not read`);
    return { ...book, state };
  });
}

/** `snapshot_rate(number, snapshot_id, numerator, denominator, is_open)`, for WITH. */
export function snapshotRateTable(books: readonly BookState[], snapshotId: number | null): string {
  const rows = books.flatMap(({ number, token, block, state }) => {
    const { terms } = rulesAt(token.rules, block);
    return state.snapshots.flatMap((pool, index) => {
      const id = index + 1;
      if (snapshotId !== null && id !== snapshotId) return [];
      const open = isOpen(terms, id, lastSnapshotId(state));
      const [numerator, denominator] = rateLiterals(snapshotRate(pool));
      return [[integerLiteral(number), integerLiteral(id), numerator, denominator, String(open)]];
    });
  });
  return literalTable(
    'snapshot_rate',
    {
      number: 'integer',
      snapshot_id: 'integer',
      numerator: 'numeric',
      denominator: 'numeric',
      is_open: 'boolean',
    },
    rows,
  );
}

/** `holder_rate(number, accruing_…, new_…, pool_…)`: numerators and denominators, for WITH. */
export function holderRateTable(books: readonly BookState[]): string {
  const rows = books.map(({ number, token, block, state }) => {
    const rules = rulesAt(token.rules, block);
    const { fromNew, fromPool } = redemptionRates(rules, state);
    return [
      integerLiteral(number),
      ...[accruingRate(rules, state), fromNew, fromPool].flatMap(rateLiterals),
    ];
  });
  return literalTable(
    'holder_rate',
    {
      number: 'integer',
      accruing_numerator: 'numeric',
      accruing_denominator: 'numeric',
      new_numerator: 'numeric',
      new_denominator: 'numeric',
      pool_numerator: 'numeric',
      pool_denominator: 'numeric',
    },
    rows,
  );
}

/**
 * `held(token_number, account, balance, since, until)`, for WITH: each balance of a holder with
 * the snapshots that it counts for, those above `since` up to `until` (docs/domain.md#balances). One pass
 * over the checkpoints, however many snapshots there are.
 *
 * @param accounts a condition on checkpoints `c`
 */
export function heldTable(scope: Pick<ExportScope, 'books'>, accounts: string): string {
  return `held AS MATERIALIZED (
    SELECT c.token_number, c.account, c.balance, c."interval" AS since,
      lead(c."interval") OVER (
        PARTITION BY c.token_number, c.account ORDER BY c.block_number, c."interval"
      ) AS until
    FROM ${rowsOfBooks('balance_checkpoint', tokenNumbers(scope))} c
    JOIN (SELECT DISTINCT token_number, block FROM book) t ON t.token_number = c.token_number
    WHERE c.block_number <= t.block AND ${accounts}
  )`;
}

const SHARE = checkedPartText('h.balance', 'r.numerator', 'r.denominator');

/**
 * `owed(number, account, snapshot_id, balance_at, share, paid, standing)`, for WITH: what each
 * snapshot means to each holder that had a balance then. `paid` is `NULL` if it did not claim. OFFSET 0: Postgres would
 * compute the share again wherever it is used, four times in the export of holders.
 */
export function owedTable(scope: Pick<ExportScope, 'books'>): string {
  return `owed AS NOT MATERIALIZED (
    SELECT s.*, CASE
        WHEN s.paid IS NOT NULL THEN 'CLAIMED'
        WHEN s.share = 0 THEN 'NOTHING'
        WHEN s.is_open THEN 'OPEN'
        ELSE 'EXPIRED'
      END AS standing
    FROM (
      SELECT r.number, h.account, r.snapshot_id, h.balance AS balance_at, ${SHARE} AS share,
        p.amount_wei AS paid, r.is_open
      FROM held h
      JOIN book k ON k.token_number = h.token_number
      JOIN snapshot_rate r ON r.number = k.number AND r.snapshot_id > h.since
        AND (h.until IS NULL OR r.snapshot_id <= h.until)
      LEFT JOIN ${rowsOfBooks('claim', bookNumbers(scope))} p ON p.token_number = k.number AND p.holder = h.account
        AND p.snapshot_id = r.snapshot_id AND p.block_number <= k.block
      WHERE h.balance > 0 OFFSET 0
    ) s
  )`;
}
