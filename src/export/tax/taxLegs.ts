import { ZERO_ADDRESS } from '../../address.js';
import { valueSql } from '../../store/read/prices/priceSql.js';
import type { DatasetSource } from '../columns/dataset.js';
import { type PricedSqlPlace, pricesFor } from '../columns/priced.js';
import {
  bookNumbers,
  bookTable,
  type ExportScope,
  rangeConditions,
  rowsOfBooks,
  tokenNumbers,
} from '../columns/scope.js';
import { addressLiteral, hexText } from '../columns/sqlText.js';
import { coinTable } from './taxCoins.js';
import { settledSql, soldTable } from './taxSales.js';

/**
 * What a holder, or a person with several accounts, got and gave, in the form of tax programs: at most one coin in and one coin out in
 * each row, in whole coins. A redemption is a trade of tokens for the first asset that it paid. Its
 * payments in other assets have rows of their own, and its transfer to the zero address has no row.
 * What moves between the accounts of a person has no row. Amounts are exact: the decimal point moves, nothing is divided. A coin with unknown decimals has its
 * amounts in smallest units, and the note says so.
 *
 * @param where a condition on the legs `l`
 */
export async function taxSource(scope: ExportScope, where = 'true'): Promise<DatasetSource> {
  if (scope.holders.length === 0) throw new RangeError('tax layouts are about a holder');
  const who = `(${scope.holders.map(addressLiteral).join(', ')})`;
  const range = rangeConditions(scope);
  const within = ['o.block_number <= b.block', ...range].join(' AND ');
  return {
    tables: [
      bookTable(scope),
      await coinTable(scope),
      await soldTable(scope),
      legs(scope, who, within, range),
    ],
    from: `FROM leg l
      LEFT JOIN coin i ON i.chain_id = l.chain_id AND i.address = l.in_coin
      LEFT JOIN coin u ON u.chain_id = l.chain_id AND u.address = l.out_coin
      ${pricesFor(scope, TAX_LEG)}
      WHERE (coalesce(l.in_amount, 0) > 0 OR coalesce(l.out_amount, 0) > 0) AND ${where}
      ORDER BY l."timestamp", l.chain_id, l.block_number, l.transaction_index, l.id,
        l.kind = 'settlement'`,
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
export const TAX_VALUE = valueSql('coalesce(l.in_amount, l.out_amount)');

/** Columns that all parts of `leg` have in common; `o` is the operation, `b` its books. */
const PLACE = `b.chain_id, o.id, o.block_number, o."timestamp", o.transaction_index, o.transaction_hash`;
const NOBODY = `'${ZERO_ADDRESS}'`;

/**
 * `leg`, for WITH: what claims, redemptions and sales moved, then every transfer of a token that
 * they do not include. A claim may pay in an indexed token, and its transfer is then the same
 * money.
 */
function legs(scope: ExportScope, who: string, within: string, range: readonly string[]): string {
  const [books, tokens] = [bookNumbers(scope), tokenNumbers(scope)];
  const saleLeg = ({ kind, where, comesIn, goesOut, says }: SaleLeg): string => {
    const side = (name: keyof typeof LEG_SIDES | null) => {
      if (name === null) return 'NULL, NULL';
      const { amount, coin } = LEG_SIDES[name];
      return `nullif(${amount}, 0), CASE WHEN ${amount} > 0 THEN ${coin} END`;
    };
    return `SELECT ${PLACE.replaceAll('b.chain_id', 'o.chain_id')}, '${kind}', ${side(comesIn)}, NULL,
        ${side(goesOut)}, NULL, '${says} sale ' || o.sale
      FROM settled o WHERE ${[where, ...range].join(' AND ')}`;
  };
  return `${settledSql(who, tokens)}, burn AS (
      SELECT o.id, b.number, b.chain_id, b.token, o.transaction_hash, o.holder, o.burned,
        o.amount_wei,
        row_number() OVER (
          PARTITION BY b.number, o.transaction_hash, o.holder, o.burned ORDER BY o.position
        ) AS ordinal
      FROM ${rowsOfBooks('redemption', books)} o JOIN book b ON b.number = o.token_number
      WHERE o.holder IN ${who} AND ${within}
    ), traded AS (
      SELECT DISTINCT ON (chain_id, token, transaction_hash, holder, burned, ordinal) id, burned
      FROM burn
      ORDER BY chain_id, token, transaction_hash, holder, burned, ordinal, amount_wei = 0, number
    ), told AS (
      SELECT ${PLACE}, 'claim' AS kind, o.amount_wei AS in_amount, b.asset AS in_coin,
        b.token AS in_from, NULL::numeric AS out_amount, NULL::text AS out_coin,
        NULL::text AS out_to, 'claim of snapshot ' || o.snapshot_id || ' of ' || b.token AS note
      FROM ${rowsOfBooks('claim', books)} o JOIN book b ON b.number = o.token_number
      WHERE o.holder IN ${who} AND ${within}
      UNION ALL
      SELECT ${PLACE}, 'redemption', nullif(o.amount_wei, 0),
        CASE WHEN o.amount_wei > 0 THEN b.asset END, b.token, t.burned,
        CASE WHEN t.id IS NOT NULL THEN b.token END, ${NOBODY}, 'burned for revenue: ' || b.token
      FROM ${rowsOfBooks('redemption', books)} o JOIN book b ON b.number = o.token_number LEFT JOIN traded t ON t.id = o.id
      WHERE o.holder IN ${who} AND ${within}
      UNION ALL
      ${SALE_LEGS.map(saleLeg).join(' UNION ALL ')}
    ), side AS (
      SELECT *, row_number() OVER (
        PARTITION BY chain_id, transaction_hash, direction, coin, whom, amount ORDER BY id
      ) AS ordinal
      FROM (
        SELECT chain_id, transaction_hash, id, 'in' AS direction, in_coin AS coin, in_from AS whom,
          in_amount AS amount FROM told WHERE kind IN ('claim', 'redemption')
        UNION ALL
        SELECT chain_id, transaction_hash, id, 'out', out_coin, out_to, out_amount
        FROM told WHERE kind IN ('claim', 'redemption')
        UNION ALL
        SELECT chain_id, transaction_hash, id,
          CASE WHEN kind IN ('refund', 'sell') THEN 'in' ELSE 'out' END, raise_asset, NULL, raise_amount
        FROM settled
        UNION ALL
        SELECT chain_id, transaction_hash, id, CASE kind WHEN 'sell' THEN 'out' ELSE 'in' END, token,
          NULL, token_amount
        FROM settled
        WHERE kind = 'token-claim' OR kind = 'sell' OR (kind = 'purchase' AND paid_out > 0)
      ) sides WHERE amount > 0
    ), moved AS (
      SELECT *, row_number() OVER (
        PARTITION BY chain_id, transaction_hash, kind, coin, whom, amount ORDER BY id
      ) AS ordinal
      FROM (
        SELECT ${PLACE}, 'in' AS kind, b.token AS coin, ${hexText('o."from"')} AS whom, o.amount
        FROM ${rowsOfBooks('transfer', tokens)} o JOIN book b ON b.number = o.token_number
        WHERE o."to" IN ${who} AND o."from" NOT IN ${who} AND ${within}
        UNION ALL
        SELECT ${PLACE}, 'out', b.token, ${hexText('o."to"')}, o.amount
        FROM ${rowsOfBooks('transfer', tokens)} o JOIN book b ON b.number = o.token_number
        WHERE o."from" IN ${who} AND o."to" NOT IN ${who} AND ${within}
      ) transfers
    ), unsaid AS (
      SELECT m.*, row_number() OVER (
        PARTITION BY chain_id, transaction_hash, kind, coin, amount ORDER BY id
      ) AS any_ordinal
      FROM moved m
      WHERE NOT EXISTS (
        SELECT FROM side s
        WHERE s.chain_id = m.chain_id AND s.transaction_hash = m.transaction_hash
          AND s.direction = m.kind AND s.coin = m.coin AND s.whom = m.whom AND s.amount = m.amount
          AND s.ordinal = m.ordinal
      )
    ), leg AS (
      SELECT chain_id, id, block_number, "timestamp", transaction_index, transaction_hash, kind,
        in_amount, in_coin, out_amount, out_coin, note FROM told
      UNION ALL
      SELECT m.chain_id, m.id, m.block_number, m."timestamp", m.transaction_index,
        m.transaction_hash, m.kind,
        CASE m.kind WHEN 'in' THEN m.amount END, CASE m.kind WHEN 'in' THEN m.coin END,
        CASE m.kind WHEN 'out' THEN m.amount END, CASE m.kind WHEN 'out' THEN m.coin END,
        CASE m.kind WHEN 'in' THEN 'received ' ELSE 'sent ' END || m.coin
      FROM unsaid m
      WHERE NOT EXISTS (
        SELECT FROM side s
        WHERE s.chain_id = m.chain_id AND s.transaction_hash = m.transaction_hash
          AND s.direction = m.kind AND s.coin = m.coin AND s.whom IS NULL AND s.amount = m.amount
          AND s.ordinal = m.any_ordinal
      )
    )`;
}

/** A row of a sale's entry: what comes in and what goes out, by the columns of `settled`. */
interface SaleLeg {
  readonly kind: string;
  /** Which entries have it. */
  readonly where: string;
  readonly comesIn: 'raise' | 'cost' | 'tokens' | 'fresh tokens' | null;
  readonly goesOut: 'raise' | 'cost' | 'tokens' | null;
  readonly says: string;
}

const SALE_LEGS: readonly SaleLeg[] = [
  {
    kind: 'deposit',
    where: "o.kind = 'deposit'",
    comesIn: null,
    goesOut: 'raise',
    says: 'deposit in',
  },
  {
    kind: 'return',
    where: "o.kind = 'refund'",
    comesIn: 'raise',
    goesOut: null,
    says: 'refund of',
  },
  {
    kind: 'purchase',
    where: "o.kind = 'purchase'",
    comesIn: 'tokens',
    goesOut: 'raise',
    says: 'purchase in',
  },
  { kind: 'sell', where: "o.kind = 'sell'", comesIn: 'raise', goesOut: 'tokens', says: 'sell in' },
  {
    kind: 'return',
    where: 'o.fresh > 0',
    comesIn: 'cost',
    goesOut: null,
    says: 'deposit, of which the tokens are paid, in',
  },
  {
    kind: 'settlement',
    where: 'o.fresh > 0',
    comesIn: 'fresh tokens',
    goesOut: 'cost',
    says: 'tokens for the deposit in',
  },
];

const LEG_SIDES = {
  raise: { amount: 'o.raise_amount', coin: 'o.raise_asset' },
  cost: { amount: 'o.fresh_cost', coin: 'o.raise_asset' },
  tokens: { amount: 'o.token_amount', coin: 'o.token' },
  'fresh tokens': { amount: 'o.fresh', coin: 'o.token' },
} as const;
