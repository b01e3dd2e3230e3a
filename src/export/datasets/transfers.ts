import { address, amount, column, ownerColumns, placeColumns, UNITS } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { BOOKED_OPERATION } from '../columns/priced.js';

export const transfers = operationDataset({
  name: 'transfers',
  summary: 'ERC-20 transfers of revenue tokens; mints come from and burns go to the zero address',
  notes:
    'Transfers have values where the token itself is the `asset` of a price feed ' +
    '([prices.md](prices.md)).',
  table: 'transfer',
  valued: { name: 'amount', sql: 'o.amount', place: { ...BOOKED_OPERATION, asset: 'b.token' } },
  ofHolder: (holder) => `(o."from" = ${holder} OR o."to" = ${holder})`,
  columns: [
    ...ownerColumns('o.id'),
    ...placeColumns(),
    column('log_index', 'integer', 'o.log_index', 'Index of the Transfer log in the block.'),
    address('from_address', 'o."from"', 'The sender; the zero address for a mint.'),
    address('to_address', 'o."to"', 'The recipient; the zero address for a burn.'),
    ...amount('amount', 'o.amount', UNITS.token, 'Tokens moved.'),
  ],
});
