import {
  ASSET_COLUMN,
  address,
  amount,
  column,
  ownerColumns,
  placeColumns,
  UNITS,
} from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';

export const claims = operationDataset({
  name: 'claims',
  summary: 'shares of snapshots that holders took, one row for each asset that was paid',
  table: 'claim',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  ofHolder: (holder) => `o.holder = ${holder}`,
  columns: [
    ...ownerColumns('o.id'),
    ASSET_COLUMN,
    ...placeColumns(),
    address('holder', 'o.holder', 'The account that claimed and was paid.'),
    column('snapshot_id', 'integer', 'o.snapshot_id', 'The snapshot that was claimed.'),
    ...amount('amount', 'o.amount_wei', UNITS.asset, 'The amount paid.'),
    ...amount(
      'snapshot_claimed',
      'o.snapshot_claimed_wei',
      UNITS.asset,
      'What all holders claimed of this snapshot so far, this claim included.',
    ),
  ],
});
