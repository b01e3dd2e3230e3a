import {
  ASSET_COLUMN,
  address,
  amount,
  ownerColumns,
  placeColumns,
  UNITS,
} from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';

export const redemptions = operationDataset({
  name: 'redemptions',
  summary: 'tokens burned for revenue, one row for each asset that was paid',
  table: 'redemption',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  ofHolder: (holder) => `o.holder = ${holder}`,
  columns: [
    ...ownerColumns('o.id'),
    ASSET_COLUMN,
    ...placeColumns(),
    address('holder', 'o.holder', 'The account that burned and was paid.'),
    ...amount(
      'burned',
      'o.burned',
      UNITS.token,
      'Tokens burned. The row of every asset has the same number, so sum it for one asset only.',
    ),
    ...amount(
      'amount',
      'o.amount_wei',
      UNITS.asset,
      'The amount paid: the sum of the next two amounts.',
    ),
    ...amount('from_new', 'o.from_new_wei', UNITS.asset, 'Paid out of new revenue.'),
    ...amount('from_pool', 'o.from_pool_wei', UNITS.asset, 'Paid out of the redeem pool.'),
  ],
});
