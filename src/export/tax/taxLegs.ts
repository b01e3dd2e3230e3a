import { ZERO_ADDRESS } from '../../address.js';
import { readSales } from '../../store/read/sales/sales.js';
import type { DatasetSource } from '../columns/dataset.js';
import { type PricedSqlPlace, pricesFor, valueText } from '../columns/priced.js';
import { bookTable, type ExportScope, rangeConditions } from '../columns/scope.js';
import {
  addressLiteral,
  hexText,
  integerLiteral,
  literalTable,
  textLiteral,
} from '../columns/sqlText.js';
import { coinTable } from './taxCoins.js';

/**
 * What a holder got and gave, in the form of tax programs: at most one coin in and one coin out in
 * each row, in whole coins. A redemption is a trade of tokens for the first asset that it paid. Its
 * payments in other assets have rows of their own, and its transfer to the zero address has no row.
 * Amounts are exact: the decimal point moves, nothing is divided. A coin with unknown decimals has
 * no amount, and the note gives the amount in its smallest unit.
 */
export async function taxSource(scope: ExportScope): Promise<DatasetSource> {
  const [holder] = scope.holders;
  if (holder === undefined) throw new RangeError('tax layouts are about one holder');
  const who = addressLiteral(holder);
  const range = rangeConditions(scope);
  const within = ['o.block_number <= b.block', ...range].join(' AND ');
  return {
    tables: [bookTable(scope), await coinTable(scope), await saleTable(scope), legs(who, within)],
    from: `FROM leg l
      LEFT JOIN coin i ON i.chain_id = l.chain_id AND i.address = l.in_coin
      LEFT JOIN coin u ON u.chain_id = l.chain_id AND u.address = l.out_coin
      ${pricesFor(scope, TAX_LEG)}
      WHERE coalesce(l.in_amount, 0) > 0 OR coalesce(l.out_amount, 0) > 0
      ORDER BY l."timestamp", l.chain_id, l.block_number, l.transaction_index, l.id`,
  };
}

/** Of a leg, what came in has the value; where nothing came in, what went out. */
const TAX_LEG: PricedSqlPlace = {
  chainId: 'l.chain_id',
  asset: 'coalesce(l.in_coin, l.out_coin)',
  block: 'l.block_number',
  transactionIndex: 'l.transaction_index',
  time: 'l."timestamp"',
};

/** The value of what came in, or else of what went out. */
export const TAX_VALUE = valueText('coalesce(l.in_amount, l.out_amount)', TAX_LEG);

/** Columns that all parts of `leg` have in common; `o` is the operation, `b` its books. */
const PLACE = `b.chain_id, o.id, o.block_number, o."timestamp", o.transaction_index, o.transaction_hash`;
const NOBODY = `'${ZERO_ADDRESS}'`;

/**
 * `leg`, for WITH: what claims, redemptions and sales moved, then every transfer of a token that
 * they do not include. A claim may pay in an indexed token, and its transfer is then the same
 * money.
 */
function legs(who: string, within: string): string {
  return `burn AS (
      SELECT o.id, b.number, b.chain_id, b.token, o.transaction_hash, o.burned, o.amount_wei,
        row_number() OVER (
          PARTITION BY b.number, o.transaction_hash, o.burned ORDER BY o.position
        ) AS ordinal
      FROM redemption o JOIN book b ON b.number = o.token_number
      WHERE o.holder = ${who} AND ${within}
    ), traded AS (
      SELECT DISTINCT ON (chain_id, token, transaction_hash, burned, ordinal) id, burned
      FROM burn
      ORDER BY chain_id, token, transaction_hash, burned, ordinal, amount_wei = 0, number
    ), told AS (
      SELECT ${PLACE}, 'claim' AS kind, o.amount_wei AS in_amount, b.asset AS in_coin,
        b.token AS in_from, NULL::numeric AS out_amount, NULL::text AS out_coin,
        NULL::text AS out_to, 'claim of snapshot ' || o.snapshot_id || ' of ' || b.token AS note
      FROM claim o JOIN book b ON b.number = o.token_number
      WHERE o.holder = ${who} AND ${within}
      UNION ALL
      SELECT ${PLACE}, 'redemption', nullif(o.amount_wei, 0),
        CASE WHEN o.amount_wei > 0 THEN b.asset END, b.token, t.burned,
        CASE WHEN t.id IS NOT NULL THEN b.token END, ${NOBODY}, 'burned for revenue: ' || b.token
      FROM redemption o JOIN book b ON b.number = o.token_number LEFT JOIN traded t ON t.id = o.id
      WHERE o.holder = ${who} AND ${within}
      UNION ALL
      SELECT ${PLACE}, o.kind, o.raise_amount, b.raise_asset, b.sale, NULL, NULL, NULL,
        o.kind || ' of sale ' || b.sale
      FROM sale_entry o JOIN sold b ON b.number = o.sale_number
      WHERE o.participant = ${who} AND o.kind IN ('refund', 'sell') AND ${within}
      UNION ALL
      SELECT ${PLACE}, o.kind, NULL, NULL, NULL, o.raise_amount, b.raise_asset, b.sale,
        o.kind || ' in sale ' || b.sale
      FROM sale_entry o JOIN sold b ON b.number = o.sale_number
      WHERE o.participant = ${who} AND o.kind IN ('deposit', 'purchase') AND ${within}
    ), side AS (
      SELECT *, row_number() OVER (
        PARTITION BY chain_id, transaction_hash, kind, coin, whom, amount ORDER BY id
      ) AS ordinal
      FROM (
        SELECT chain_id, transaction_hash, id, 'in' AS kind, in_coin AS coin, in_from AS whom,
          in_amount AS amount FROM told
        UNION ALL
        SELECT chain_id, transaction_hash, id, 'out', out_coin, out_to, out_amount FROM told
      ) sides WHERE amount > 0
    ), moved AS (
      SELECT *, row_number() OVER (
        PARTITION BY chain_id, transaction_hash, kind, coin, whom, amount ORDER BY id
      ) AS ordinal
      FROM (
        SELECT ${PLACE}, 'in' AS kind, b.token AS coin, ${hexText('o."from"')} AS whom, o.amount
        FROM transfer o JOIN book b ON b.number = o.token_number
        WHERE o."to" = ${who} AND o."from" <> o."to" AND ${within}
        UNION ALL
        SELECT ${PLACE}, 'out', b.token, ${hexText('o."to"')}, o.amount
        FROM transfer o JOIN book b ON b.number = o.token_number
        WHERE o."from" = ${who} AND o."from" <> o."to" AND ${within}
      ) transfers
    ), leg AS (
      SELECT chain_id, id, block_number, "timestamp", transaction_index, transaction_hash, kind,
        in_amount, in_coin, out_amount, out_coin, note FROM told
      UNION ALL
      SELECT m.chain_id, m.id, m.block_number, m."timestamp", m.transaction_index,
        m.transaction_hash, m.kind,
        CASE m.kind WHEN 'in' THEN m.amount END, CASE m.kind WHEN 'in' THEN m.coin END,
        CASE m.kind WHEN 'out' THEN m.amount END, CASE m.kind WHEN 'out' THEN m.coin END,
        CASE m.kind WHEN 'in' THEN 'received ' ELSE 'sent ' END || m.coin
      FROM moved m
      WHERE NOT EXISTS (
        SELECT FROM side s
        WHERE s.chain_id = m.chain_id AND s.transaction_hash = m.transaction_hash
          AND s.kind = m.kind AND s.coin = m.coin AND s.whom = m.whom AND s.amount = m.amount
          AND s.ordinal = m.ordinal
      )
    )`;
}

/** `sold(number, chain_id, sale, raise_asset, block)`: the sales of the tokens, for WITH. */
async function saleTable({ db, tokens, moments }: ExportScope): Promise<string> {
  const known = new Set(tokens.map(({ chainId, address }) => `${chainId} ${address}`));
  const rows = (await readSales(db)).flatMap((sale) => {
    const block = moments.get(sale.chainId)?.block;
    if (block === undefined || !known.has(`${sale.chainId} ${sale.token}`)) return [];
    return [
      [
        integerLiteral(sale.number),
        integerLiteral(sale.chainId),
        textLiteral(sale.address),
        textLiteral(sale.raiseAsset ?? 'native'),
        integerLiteral(block),
      ],
    ];
  });
  return literalTable(
    'sold',
    { number: 'integer', chain_id: 'bigint', sale: 'text', raise_asset: 'text', block: 'bigint' },
    rows,
  );
}

/** An amount in whole coins, without zeros at the end; null where the decimals are not known. */
export function wholeCoins(amount: string, coin: string): string {
  return `trim_scale(${amount} * ('1e-' || ${coin}.decimals)::numeric)::text`;
}

/** What happened, on which chain, and what could not be said in whole coins. */
export const TAX_NOTE = `l.note || ' (chain ' || l.chain_id || ')'
  || CASE WHEN l.in_coin IS NOT NULL AND i.decimals IS NULL
    THEN '; amount not known in whole coins: ' || l.in_amount || ' units in' ELSE '' END
  || CASE WHEN l.out_coin IS NOT NULL AND u.decimals IS NULL
    THEN '; amount not known in whole coins: ' || l.out_amount || ' units out' ELSE '' END`;
