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
    address('holder', 'o.holder', 'Who claimed and was paid.'),
    column('snapshot_id', 'integer', 'o.snapshot_id', 'The snapshot claimed.'),
    ...amount('amount', 'o.amount_wei', UNITS.asset, 'What was paid.'),
    ...amount(
      'snapshot_claimed',
      'o.snapshot_claimed_wei',
      UNITS.asset,
      'Claimed of this snapshot by all holders, this claim included.',
    ),
  ],
});
