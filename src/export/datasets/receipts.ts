import { RECEIPT } from '../../model/tables/receipt.js';
import { assetColumns, column, ownerColumns, placeColumns } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { tableColumns } from '../columns/tableColumns.js';

const IS_PROVISIONAL = column(
  'is_provisional',
  'boolean',
  `(o.kind = 'untraced' AND o.block_number > coalesce(
        (SELECT finalized_height FROM chain_cursor WHERE chain_id = b.chain_id), -1))`,
  'Whether the receipt is `untraced` and its block is not final. A reorg or a comparison may still take it back.',
);

export const receipts = operationDataset({
  name: 'receipts',
  summary: 'revenue that reached a token, and its source',
  notes:
    'How the source is found: [accounting.md](accounting.md#where-a-receipt-comes-from). `untraced` ' +
    'receipts are money that no call frame explains; a comparison of balances found it.',
  table: 'receipt',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  labelled: { payer: 'o.payer', source_address: 'o.source_address' },
  columns: [
    ...ownerColumns('o.id'),
    ...assetColumns(),
    ...placeColumns({ isUntraced: true }),
    ...tableColumns(RECEIPT, {
      first: [
        'payer',
        'amountWei',
        'kind',
        'source',
        'sourceAddress',
        'modelId',
        'collectionPart',
        'cause',
        IS_PROVISIONAL,
        'selector',
      ],
    }),
  ],
});
