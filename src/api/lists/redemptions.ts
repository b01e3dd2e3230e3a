import { REDEMPTION } from '../../model/tables/redemption.js';
import { REDEMPTIONS } from '../../store/read/operations/redemptions.js';
import { RevenueOperationType } from '../objects/operations/operations.js';
import { defineOperations } from './engine/defineOperations.js';
import { field } from './engine/field.js';
import { ADDRESS, AMOUNT } from './engine/fieldKinds.js';
import { bookNode, OF_BOOKS, OF_ITS_BOOKS, REVENUE_FILTER } from './tokenBooks.js';

const { columns } = REDEMPTION;

export const REDEMPTION_LIST = defineOperations({
  name: 'Redemption',
  query: { name: 'redemptions', text: 'Tokens that holders burned for revenue.' },
  rows: 'redemptions',
  type: { text: 'A holder burned tokens for revenue.', base: RevenueOperationType },
  reader: REDEMPTIONS,
  owners: OF_BOOKS,
  toNode: (row, book, asOf) => bookNode(row, book, asOf),
  fields: {
    holder: field(ADDRESS, columns.holder),
    burned: field(AMOUNT, columns.burned),
    amountWei: field(
      AMOUNT,
      'Amount paid, in units of the asset (wei for ETH).',
      columns.amountWei,
    ),
    fromNewWei: field(AMOUNT, columns.fromNewWei),
    fromPoolWei: field(
      AMOUNT,

      columns.fromPoolWei,
    ),
  },
  labelled: ['holder'],
  needs: OF_ITS_BOOKS,
  filter: {
    ...REVENUE_FILTER,
    holder: 'Only redemptions of this holder.',
    amountWei: { between: 'Only amounts paid in this range, in units of the asset (wei for ETH).' },
  },
  filterLast: true,
  indexed: ['holder'],
  amount: 'amountWei',
  totals: {
    text: 'How much burns paid: in all, by token or holder, step by step.',
    hasOneAsset: true,
    measures: ['amountWei', 'fromNewWei', 'fromPoolWei', 'burned'],
    money: { amountWei: 'asset', fromNewWei: 'asset', fromPoolWei: 'asset', burned: 'token' },
    groups: ['token', 'holder'],
  },
});
