import { SALE_ENTRY_KINDS } from '../../ledger/sales/sale.js';
import { SALE_KINDS } from '../../ledger/sales/saleKinds.js';
import { SALE_ENTRY } from '../../model/tables/saleEntry.js';
import { column, oneOf, ownerColumns, placeColumns } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { labelJoins, NAME_TABLE, withLabels } from '../columns/labels.js';
import { operationCursor, rowsAfter } from '../columns/operationDataset.js';
import { BOOKED_OPERATION, pricesFor, valueColumns } from '../columns/priced.js';
import { RAISE_UNIT_FIELDS, raiseColumns } from '../columns/raiseColumns.js';
import {
  holderCondition,
  momentTable,
  namedTokenCondition,
  rangeConditions,
} from '../columns/scope.js';
import { hexText } from '../columns/sqlText.js';
import { tableColumns } from '../columns/tableColumns.js';
import { TOKEN_UNIT_FIELDS, unitJoins, unitTable } from '../columns/units.js';

const RAISE_AMOUNT = { name: 'raise_amount', sql: 'o.raise_amount' };
const ENTRY = { ...BOOKED_OPERATION, asset: 'b.raise_asset' };

/** The asset that sale `k` raises, as text. */
const RAISED = `coalesce(${hexText('k.raise_asset')}, 'native')`;

const LABELLED = { sale: 'k.address', participant: 'o.participant', caller: 'o.caller' };

const COLUMNS: readonly Column[] = withLabels(
  [
    ...ownerColumns('o.id'),
    column('sale', 'address', hexText('k.address'), 'The sale.'),
    column('sale_kind', 'text', 'k.kind', `${oneOf(SALE_KINDS)}.`),
    ...raiseColumns('b.raise_asset'),
    ...placeColumns(),
    ...tableColumns(SALE_ENTRY, {
      first: [column('kind', 'text', 'o.kind', `${oneOf(SALE_ENTRY_KINDS)}.`)],
      without: ['deposited', 'allocated', 'claimed', 'refunded', 'sold', 'proceeds', 'cost'],
    }),
  ],
  LABELLED,
);

export const saleEntries: Dataset = {
  name: 'sale-entries',
  summary: 'entries of sales, one row for each',
  notes: 'Kinds of entries, and the meaning of their amounts: [sales.md](sales.md).',
  takes: ['from/to', 'holder'],
  needsHolder: false,
  isResumable: true,
  columns: COLUMNS,
  priced: (currency) => [...COLUMNS, ...valueColumns(currency, RAISE_AMOUNT)],
  source(scope) {
    const where = ['o.block_number <= m.block', ...rangeConditions(scope)];
    where.push(...namedTokenCondition(scope, 'k.chain_id', 'k.token'));
    where.push(...holderCondition(scope, 'o.participant'));
    if (scope.after !== null) {
      where.push(rowsAfter('o.sale_number', 'o.id', operationCursor(scope.after)));
    }
    return {
      tables: [momentTable(scope), NAME_TABLE, unitTable(scope)],
      from: `FROM sale_entry o
        JOIN sale k ON k.number = o.sale_number
        JOIN moment m ON m.chain_id = k.chain_id
        ${unitJoins('k.chain_id', { token: hexText('k.token'), raise: RAISED })}
        ${labelJoins('k.chain_id', LABELLED)}
        CROSS JOIN LATERAL (
          SELECT k.chain_id, ${hexText('k.token')} AS token, ${RAISED} AS raise_asset,
            ${TOKEN_UNIT_FIELDS}, ${RAISE_UNIT_FIELDS}
        ) b
        ${pricesFor(scope, ENTRY)}
        WHERE ${where.join(' AND ')} ORDER BY o.sale_number, o.id`,
    };
  },
};
