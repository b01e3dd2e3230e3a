import { CLAIM } from '../../model/tables/claim.js';
import { assetColumns, ownerColumns, placeColumns } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { tableColumns } from '../columns/tableColumns.js';

export const claims = operationDataset({
  name: 'claims',
  summary: 'shares of snapshots that holders took, one row for each asset that was paid',
  table: 'claim',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  labelled: { holder: 'o.holder' },
  ofHolder: (holder) => `o.holder = ${holder}`,
  columns: [...ownerColumns('o.id'), ...assetColumns(), ...placeColumns(), ...tableColumns(CLAIM)],
});
