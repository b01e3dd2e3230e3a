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
import { hexText } from '../columns/sqlText.js';

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
    address('payer', 'o.payer', 'The sender: the caller of the frame. Null if unknown.', {
      isNullable: true,
    }),
    ...amount('amount', 'o.amount_wei', UNITS.asset, 'The amount received.'),
    column(
      'kind',
      'text',
      'o.kind',
      'How it arrived: `call`, `creation`, `selfdestruct`, `untraced`, or a transfer of the ERC-20.',
    ),
    column(
      'source',
      'text',
      'o.source',
      'The source: `oracle`, `collection`, `sale`, `known` (a label of imo.yaml), `unknown` or `untraced`.',
    ),
    address(
      'source_address',
      'o.source_address',
      'The contract or labelled address that it came from or passed through.',
      { isNullable: true },
    ),
    column(
      'model_id',
      'uint256',
      'o.model_id::text',
      'The model whose revenue the oracle paid out.',
      { isNullable: true },
    ),
    column(
      'collection_part',
      'text',
      'o.collection_part',
      'For a collection: `mint` or `royalty`. Null if nothing shows which.',
      { isNullable: true },
    ),
    column(
      'cause',
      'text',
      'o.cause',
      'What brought an `untraced` receipt: `withdrawal`, `tips`, `genesis`, `before-contract`, `selfdestruct` or `unknown`. Null for other receipts.',
      { isNullable: true },
    ),
    column(
      'is_provisional',
      'boolean',
      `(o.kind = 'untraced' AND o.block_number > coalesce(
        (SELECT finalized_height FROM chain_cursor WHERE chain_id = b.chain_id), -1))`,
      'Whether the receipt is `untraced` and its block is not final. A reorg or a comparison may still take it back.',
    ),
    column(
      'selector',
      'text',
      hexText('o.selector'),
      'First four bytes of the call data, if any.',
      { isNullable: true },
    ),
    column(
      'path',
      'text',
      `(SELECT string_agg(${hexText('step')}, ' ' ORDER BY place) FROM unnest(o.path) WITH ORDINALITY AS p(step, place))`,
      'The addresses that passed it on, from the sender of the transaction to the payer, separated by spaces.',
      { isNullable: true },
    ),
  ],
});
