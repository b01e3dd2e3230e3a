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
    address('holder', 'o.holder', 'Who burned and was paid.'),
    ...amount(
      'burned',
      'o.burned',
      UNITS.token,
      'Tokens burned: the same number in the row of every asset, so sum it for one asset only.',
    ),
    ...amount('amount', 'o.amount_wei', UNITS.asset, 'What was paid: the next two together.'),
    ...amount('from_new', 'o.from_new_wei', UNITS.asset, 'Paid out of new revenue.'),
    ...amount('from_pool', 'o.from_pool_wei', UNITS.asset, 'Paid out of the redeem pool.'),
  ],
});
