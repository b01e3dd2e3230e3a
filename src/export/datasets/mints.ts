import { MINT_PAYMENT } from '../../model/tables/mintPayment.js';
import { blockSql, numberSql } from '../../store/ids.js';
import {
  address,
  amount,
  assetColumns,
  column,
  ownerColumns,
  placeColumns,
  tokenOrNull,
  UNITS,
} from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { operationCursor, rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import { momentTable, namedTokenCondition, rangeConditions } from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';
import { tableColumns } from '../columns/tableColumns.js';
import { ASSET_UNIT_FIELDS, TOKEN_UNIT_FIELDS, unitJoins, unitTable } from '../columns/units.js';

/** Everything of the same collection and block: ids up to their position. */
const IN_BLOCK = `${numberSql('o.collection_number')} || '-' || ${blockSql('o.block_number')}`;
const SAME_BLOCK = `x.collection_number = o.collection_number
      AND x.id > ${IN_BLOCK} || '-' AND x.id < ${IN_BLOCK} || '.'`;

const PAID = { name: 'paid', sql: 'o.paid_wei' };
const MINT = { ...BOOKED_OPERATION, chainId: 'k.chain_id', asset: "'native'" };

const LABELLED = { collection: 'k.address', payer: 'o.payer', sender: 'o.sender' };

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('o.id').map((owned) =>
      tokenOrNull(
        owned,
        'The revenue token that the money reached. Null if it reached no token or several.',
      ),
    ),
    ...assetColumns("'native'", "The asset of the amounts: `native`, the chain's own coin."),
    ...placeColumns(),
    address('collection', 'k.address', 'The collection.'),
    ...tableColumns(MINT_PAYMENT, {
      first: ['payer', 'sender', 'mintCount', 'paidWei'],
      without: ['selector'],
    }),
    ...amount(
      'revenue',
      'coalesce(v.inside, 0)',
      UNITS.wei,
      'Reached revenue tokens inside the call.',
    ),
    ...amount(
      'beside_revenue',
      'coalesce(v.beside, 0)',
      UNITS.wei,
      'Reached revenue tokens outside that call, paid by the contract that made the call.',
    ),
    column(
      'is_revenue_exact',
      'boolean',
      `NOT EXISTS (SELECT FROM mint_revenue x WHERE ${SAME_BLOCK}
      AND x.transaction_hash = o.transaction_hash AND x.payment_id IS NULL)`,
      'False if the transaction brought revenue that may belong to this call or to another one. ' +
        'Neither of them counts it.',
    ),
  ],
  LABELLED,
);

export const mints: Dataset = {
  name: 'mints',
  summary: 'calls that minted tokens of ERC-7007 collections, what they paid and what became of it',
  notes: 'What counts as revenue of a mint: [collections.md](collections.md).',
  takes: ['from/to'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, PAID)],
  source(scope) {
    const where = ['o.block_number <= m.block', ...rangeConditions(scope)];
    where.push(...namedTokenCondition(scope, 'k.chain_id', 'v.token'));
    if (scope.after !== null) {
      where.push(rowsAfter('o.collection_number', 'o.id', operationCursor(scope.after)));
    }
    return {
      tables: [momentTable(scope), NAME_TABLE, unitTable(scope)],
      from: `FROM mint_payment o
        JOIN contract k ON k.number = o.collection_number
        JOIN moment m ON m.chain_id = k.chain_id
        LEFT JOIN LATERAL (
          SELECT sum(amount_wei) FILTER (WHERE is_inside) AS inside,
            sum(amount_wei) FILTER (WHERE NOT is_inside) AS beside,
            CASE WHEN count(DISTINCT token) = 1 THEN (array_agg(token))[1] END AS token
          FROM mint_revenue
          WHERE collection_number = o.collection_number AND payment_id = o.id
        ) v ON true
        ${unitJoins('k.chain_id', { token: hexText('v.token'), asset: "'native'" })}
        ${labelJoins('k.chain_id', LABELLED)}
        CROSS JOIN LATERAL (SELECT k.chain_id, ${hexText('v.token')} AS token,
          ${TOKEN_UNIT_FIELDS}, ${ASSET_UNIT_FIELDS}) b
        ${pricesFor(scope, MINT)}
        WHERE ${where.join(' AND ')} ORDER BY o.collection_number, o.id`,
    };
  },
};
