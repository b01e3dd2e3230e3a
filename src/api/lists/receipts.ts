import { RECEIPT } from '../../model/tables/receipt.js';
import { IS_PROVISIONAL, RECEIPTS } from '../../store/read/operations/receipts.js';
import { RevenueOperationType } from '../objects/operations/operations.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, optional, shown } from './engine/field.js';
import {
  ADDRESS,
  AMOUNT,
  COLLECTION_PART,
  INCOME_SOURCE,
  RECEIPT_KIND,
  SELECTOR,
  UNTRACED_CAUSE,
  YES_NO,
} from './engine/fieldKinds.js';
import { bookNode, OF_BOOKS, OF_ITS_BOOKS, REVENUE_FILTER } from './tokenBooks.js';

const { columns } = RECEIPT;

export const RECEIPT_LIST = defineOperations({
  name: 'Receipt',
  query: { name: 'receipts', text: 'Money that reached tokens: revenue as it came in.' },
  rows: 'receipts',
  type: { text: 'Money that reached a token.', base: RevenueOperationType },
  reader: RECEIPTS,
  owners: OF_BOOKS,
  toNode: (row, book, asOf) => bookNode(row, book, asOf),
  fields: {
    payer: optional(
      ADDRESS,

      columns.payer,
    ),
    amountWei: field(
      AMOUNT,

      columns.amountWei,
    ),
    kind: field(RECEIPT_KIND, 'How it came.', columns.kind),
    selector: optional(
      SELECTOR,

      columns.selector,
    ),
    source: field(INCOME_SOURCE, 'Where the money came from.', columns.source),
    sourceAddress: optional(
      ADDRESS,

      columns.sourceAddress,
    ),
    modelId: optional(
      AMOUNT,

      columns.modelId,
    ),
    collectionPart: optional(
      COLLECTION_PART,
      'Of a collection: whether it is of a mint or a royalty; null where nothing tells.',
      columns.collectionPart,
    ),
    cause: optional(
      UNTRACED_CAUSE,
      'What brought an untraced receipt; null for any other.',
      columns.cause,
    ),
    isProvisional: field(
      YES_NO,
      'It is untraced and its block is not final: it may still be taken back. Balances are compared again when the block is final.',
      IS_PROVISIONAL,
    ),
    path: shown(
      [ADDRESS.type],
      'Who passed it on, from the sender of the transaction to the payer.',
    ),
  },
  labelled: ['payer', 'sourceAddress'],
  resolved: {
    pathLabels: {
      shows: () => [String],
      text: 'Names that the config gives the accounts of `path`, in its order; null: none.',
      isNullable: 'items',
      resolve: ({ path, chainId }, { loaders }) =>
        Promise.all(path.map((address) => loaders.addressName.load({ chainId, address }))),
    },
  },
  needs: { ...OF_ITS_BOOKS, pathLabels: ['path'] },
  filter: {
    ...REVENUE_FILTER,
    payer: 'Only what this account sent.',
    kind: 'Only what came in this way: a call, a creation, or untraced.',
    source: 'Only what came from there.',
    amountWei: { between: 'Only amounts in this range, in units of the asset (wei for ETH).' },
  },
  filterLast: true,
  indexed: ['payer'],
  amount: 'amountWei',
  totals: {
    text: 'How much revenue came in: in all, by source, token or payer, step by step.',
    hasOneAsset: true,
    measures: ['amountWei'],
    money: { amountWei: 'asset' },
    groups: ['token', 'source', 'sourceAddress', 'modelId', 'collectionPart', 'kind', 'payer'],
  },
});
