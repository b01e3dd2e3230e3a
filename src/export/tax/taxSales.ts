import { keptRate } from '../../ledger/sales/sale.js';
import { readSales } from '../../store/read/sales/sales.js';
import { readSaleVersions } from '../../store/read/sales/saleVersions.js';
import { type ExportScope, rowsOfBooks } from '../columns/scope.js';
import {
  integerLiteral,
  literalTable,
  partText,
  rateLiterals,
  textLiteral,
} from '../columns/sqlText.js';

/**
 * `settled`, for WITH: every entry of the accounts in a sale, with what a claim of tokens settles.
 * Tokens that a purchase bought belong to the account from the purchase on, so their claim only
 * delivers them. All other claimed tokens are `fresh`: they are traded for what the sale keeps of
 * the deposits (`kept`). Several claims share the cost by their tokens, to the last unit.
 *
 * Needs `sold` (`soldTable`). Each account has its own deposits and cost.
 *
 * @param who the accounts, for IN
 * @param tokens numbers of the tokens of the sales
 */
export function settledSql(who: string, tokens: readonly number[]): string {
  const cost = (tokens: string) => partText('kept', tokens, 'granted');
  return `entry AS (
      SELECT o.*, b.chain_id, b.sale, b.token, b.raise_asset, b.kept_numerator, b.kept_denominator,
        o.claimed - lag(o.claimed, 1, 0) OVER (PARTITION BY o.sale_number, o.participant ORDER BY o.id) AS paid_out,
        o.kind = 'sell' AND NOT EXISTS (
          SELECT FROM ${rowsOfBooks('transfer', tokens)} t
          WHERE t.token_number = b.token_number AND t.block_number = o.block_number
            AND t.transaction_hash = o.transaction_hash AND t."from" = o.participant
            AND t.amount = o.token_amount
        ) AS is_sold_before_delivery
      FROM sale_entry o JOIN sold b ON b.number = o.sale_number
      WHERE o.participant IN ${who} AND o.block_number <= b.block
    ), owned AS (
      SELECT e.*, coalesce(sum(CASE e.kind
          WHEN 'purchase' THEN e.token_amount - e.paid_out
          WHEN 'token-claim' THEN -e.token_amount
          WHEN 'sell' THEN CASE WHEN e.is_sold_before_delivery THEN -e.token_amount ELSE 0 END
          ELSE 0 END) OVER (
            PARTITION BY e.sale_number, e.participant ORDER BY e.id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
          ), 0) AS undelivered
      FROM entry e
    ), claimed_now AS (
      SELECT o.*, CASE WHEN o.kind = 'token-claim'
          THEN o.token_amount - least(o.token_amount, greatest(o.undelivered, 0))
          ELSE 0 END AS fresh
      FROM owned o
    ), shared AS (
      SELECT c.*,
        sum(c.fresh) OVER (PARTITION BY c.sale_number, c.participant ORDER BY c.id) AS fresh_to,
        greatest(
          sum(c.fresh) OVER every,
          coalesce(sum(c.token_amount) FILTER (WHERE c.kind = 'allocation') OVER every, 0)
        ) AS granted,
        CASE WHEN c.kept_numerator IS NULL
          THEN coalesce(sum(c.raise_amount) FILTER (WHERE c.kind = 'deposit') OVER every, 0)
            - coalesce(sum(c.raise_amount) FILTER (WHERE c.kind = 'refund') OVER every, 0)
          ELSE ${partText(
            "coalesce(sum(c.raise_amount) FILTER (WHERE c.kind = 'deposit') OVER every, 0)",
            'c.kept_numerator',
            'c.kept_denominator',
          )} END AS kept
      FROM claimed_now c
      WINDOW every AS (PARTITION BY c.sale_number, c.participant)
    ), settled AS (
      SELECT s.*, CASE WHEN s.fresh > 0
          THEN ${cost('fresh_to')} - ${cost('(fresh_to - fresh)')} ELSE 0 END AS fresh_cost
      FROM shared s
    )`;
}

/**
 * `sold(…)`: the sales of the tokens, with the rate of what a pro rata sale keeps of a deposit, for
 * WITH. The rate is null where the entries themselves say it.
 */
export async function soldTable({ db, tokens, moments }: ExportScope): Promise<string> {
  const known = new Map(
    tokens.map(({ chainId, address, number }) => [`${chainId} ${address}`, number]),
  );
  const sales = (await readSales(db)).flatMap((sale) => {
    const block = moments.get(sale.chainId)?.block;
    const tokenNumber = known.get(`${sale.chainId} ${sale.token}`);
    return block === undefined || tokenNumber === undefined ? [] : [{ sale, block, tokenNumber }];
  });
  const versions = await readSaleVersions(
    db,
    sales.map(({ sale, block }) => ({ saleNumber: sale.number, block })),
  );
  const rows = sales.map(({ sale, block, tokenNumber }, index) => {
    const state = versions[index]?.state;
    if (state === undefined) throw new RangeError(`sale ${sale.number} was not read`);
    const { terms } = sale;
    return [
      integerLiteral(sale.number),
      integerLiteral(tokenNumber),
      integerLiteral(sale.chainId),
      textLiteral(sale.address),
      textLiteral(sale.token),
      textLiteral(sale.raiseAsset ?? 'native'),
      integerLiteral(block),
      ...(terms === null ? ['NULL', 'NULL'] : rateLiterals(keptRate(terms, state))),
    ];
  });
  return literalTable('sold', SOLD_COLUMNS, rows);
}

const SOLD_COLUMNS = {
  number: 'integer',
  token_number: 'integer',
  chain_id: 'bigint',
  sale: 'text',
  token: 'text',
  raise_asset: 'text',
  block: 'bigint',
  kept_numerator: 'numeric',
  kept_denominator: 'numeric',
};
