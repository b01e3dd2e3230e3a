import { TRANSFER } from '../../model/tables/transfer.js';
import { ownerColumns, placeColumns } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { BOOKED_OPERATION } from '../columns/priced.js';
import { tableColumns } from '../columns/tableColumns.js';

export const transfers = operationDataset({
  name: 'transfers',
  summary: 'ERC-20 transfers of revenue tokens; mints come from and burns go to the zero address',
  notes:
    'Transfers have values where the token itself is the `asset` of a price feed ' +
    '([prices.md](prices.md)).',
  table: 'transfer',
  valued: { name: 'amount', sql: 'o.amount', place: { ...BOOKED_OPERATION, asset: 'b.token' } },
  labelled: { from_address: 'o."from"', to_address: 'o."to"' },
  ofHolder: (holder) => `(o."from" = ${holder} OR o."to" = ${holder})`,
  columns: [
    ...ownerColumns('o.id'),
    ...placeColumns(),
    ...tableColumns(TRANSFER, { names: { from: 'from_address', to: 'to_address' } }),
  ],
});
