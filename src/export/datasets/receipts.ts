import { RECEIPT } from '../../model/tables/receipt.js';
import { nameSql } from '../../store/read/names/addressNames.js';
import { ASSET_COLUMN, column, ownerColumns, placeColumns } from '../columns/columns.js';
import { operationDataset } from '../columns/operationDataset.js';
import { tableColumns } from '../columns/tableColumns.js';

const IS_PROVISIONAL = column(
  'is_provisional',
  'boolean',
  `(o.kind = 'untraced' AND o.block_number > coalesce(
        (SELECT finalized_height FROM chain_cursor WHERE chain_id = b.chain_id), -1))`,
  'Whether the receipt is `untraced` and its block is not final. A reorg or a comparison may still take it back.',
);

const PAYER_LABEL = column(
  'payer_label',
  'text',
  nameSql('b.chain_id', 'o.payer'),
  'Name that the config gives the payer: its label, or that of the contract. Null where it has none.',
  { isNullable: true },
);

const SOURCE_LABEL = column(
  'source_label',
  'text',
  nameSql('b.chain_id', 'o.source_address'),
  'Name that the config gives `source_address`. Null where it has none.',
  { isNullable: true },
);

export const receipts = operationDataset({
  name: 'receipts',
  summary: 'revenue that reached a token, and its source',
  notes:
    'How the source is found: [accounting.md](accounting.md#where-a-receipt-comes-from). `untraced` ' +
    'receipts are money that no call frame explains; a comparison of balances found it.',
  table: 'receipt',
  valued: { name: 'amount', sql: 'o.amount_wei' },
  columns: [
    ...ownerColumns('o.id'),
    ASSET_COLUMN,
    ...placeColumns({ isUntraced: true }),
    ...tableColumns(RECEIPT, {
      first: [
        'payer',
        PAYER_LABEL,
        'amountWei',
        'kind',
        'source',
        'sourceAddress',
        SOURCE_LABEL,
        'modelId',
        'collectionPart',
        'cause',
        IS_PROVISIONAL,
        'selector',
      ],
    }),
  ],
});
