import { NUMBER_PATTERN, numberOfPart, numberSql } from '../../store/ids.js';
import { amount, assetColumns, column, ownerColumns, UNITS } from '../columns/columns.js';
import type { Dataset } from '../columns/dataset.js';
import { MODEL_RECEIVER } from '../columns/modelReceiver.js';
import { bookNumbers, bookTable, rangeConditions, rowsOfBooks } from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';
import { badCursor } from '../exportErrors.js';

const CURSOR = new RegExp(
  `^(\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01]))-${NUMBER_PATTERN}$`,
);

/** The day of an operation in UTC. */
const DAY = `(o."timestamp" AT TIME ZONE 'UTC')::date`;

export const fees: Dataset = {
  name: 'fees',
  summary: 'fees and revenue by day, in the dimensions of DefiLlama',
  notes:
    'Fees count on the day they are paid: fees of requests when they accrue at the oracle, all other ' +
    'revenue when it reaches the token. What the oracle later pays out does not count again, nor what ' +
    'had accrued at an oracle before it was indexed. A request counts for the receiver of its model at ' +
    'that time. `daily_fees = daily_revenue + daily_supply_side_revenue` and `daily_revenue = ' +
    'daily_protocol_revenue + daily_holders_revenue`, to the wei. Days without fees have no row. A fee ' +
    'in an ERC-20 that the token does not share is not revenue of its holders, and does not count.',
  takes: ['from/to'],
  needsHolder: false,
  isResumable: true,
  columns: [
    ...ownerColumns(`to_char(f.day, 'YYYY-MM-DD') || '-' || ${numberSql('b.number')}`),
    ...assetColumns(),
    column('day', 'date', "to_char(f.day, 'YYYY-MM-DD')", 'The day in UTC.'),
    ...amount(
      'daily_fees',
      'f.fees',
      UNITS.asset,
      'Everything that users paid: fees of requests to models whose receiver is the token, and all other revenue.',
    ),
    ...amount(
      'daily_revenue',
      'f.fees - f.supply',
      UNITS.asset,
      'The part of the fees that stays with the token.',
    ),
    ...amount(
      'daily_protocol_revenue',
      '0::numeric',
      UNITS.asset,
      'The part of the revenue for a treasury. Always 0, because all revenue is for holders.',
    ),
    ...amount(
      'daily_holders_revenue',
      'f.fees - f.supply',
      UNITS.asset,
      'The part of the revenue for holders, by claims and by burning.',
    ),
    ...amount(
      'daily_supply_side_revenue',
      'f.supply',
      UNITS.asset,
      'The part of the fees that the oracle keeps for serving the models.',
    ),
  ],
  source(scope) {
    const range = ['o.block_number <= b.block', ...rangeConditions(scope)].join(' AND ');
    const where = ['true'];
    if (scope.after !== null) {
      const [, day, number] = CURSOR.exec(scope.after) ?? [];
      if (day === undefined || number === undefined) throw badCursor(scope.after);
      where.push(`(f.day, f.number) > ('${day}'::date, ${numberOfPart(number)})`);
    }
    return {
      tables: [
        bookTable(scope),
        `paid AS (
          SELECT b.number, ${DAY} AS day, o.amount_wei AS fee, 0::numeric AS supply
          FROM ${rowsOfBooks('receipt', bookNumbers(scope))} o JOIN book b ON b.number = o.token_number
          WHERE o.source <> 'oracle' AND ${range}
          UNION ALL
          SELECT b.number, ${DAY}, o.fee, o.protocol_part
          FROM oracle_request o JOIN contract k ON k.number = o.contract_number
          ${MODEL_RECEIVER}
          JOIN book b ON b.chain_id = k.chain_id AND b.token = ${hexText('r.receiver')}
            AND b.asset = o.asset
          WHERE ${range}
        )`,
        `day AS (
          SELECT number, day, sum(fee) AS fees, sum(supply) AS supply FROM paid GROUP BY number, day
        )`,
      ],
      from: `FROM day f JOIN book b ON b.number = f.number
        WHERE ${where.join(' AND ')} ORDER BY f.day, f.number`,
    };
  },
};
