import { REDEMPTION } from '../../model/tables/redemption.js';
import { assetColumns, ownerColumns, placeColumns } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { tableColumns } from '../columns/tableColumns.js';

export const redemptions = operationDataset({
  name: 'redemptions',
  summary: 'tokens burned for revenue, one row for each asset that was paid',
  table: 'redemption',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  labelled: { holder: 'o.holder' },
  ofHolder: (holder) => `o.holder = ${holder}`,
  columns: [
    ...ownerColumns('o.id'),
    ...assetColumns(),
    ...placeColumns(),
    ...tableColumns(REDEMPTION),
  ],
});
