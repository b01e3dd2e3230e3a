import { CLAIM } from '../../model/tables/claim.js';
import { CLAIMS } from '../../store/read/operations/claims.js';
import { RevenueOperationType } from '../objects/operations/operations.js';
import { defineOperations } from './engine/defineOperations.js';
import { field } from './engine/field.js';
import { ADDRESS, AMOUNT, COUNT } from './engine/fieldKinds.js';
import { bookNode, OF_BOOKS, OF_ITS_BOOKS, REVENUE_FILTER } from './tokenBooks.js';

const { columns } = CLAIM;

export const CLAIM_LIST = defineOperations({
  name: 'Claim',
  query: { name: 'claims', text: 'Shares of snapshots that holders took.' },
  rows: 'claims',
  type: { text: 'A holder took its share of a snapshot.', base: RevenueOperationType },
  reader: CLAIMS,
  owners: OF_BOOKS,
  toNode: (row, book, asOf) => bookNode(row, book, asOf),
  fields: {
    holder: field(ADDRESS, columns.holder),
    snapshotId: field(COUNT, columns.snapshotId),
    amountWei: field(
      AMOUNT,

      columns.amountWei,
    ),
    snapshotClaimedWei: field(
      AMOUNT,

      columns.snapshotClaimedWei,
    ),
  },
  labelled: ['holder'],
  needs: OF_ITS_BOOKS,
  filter: {
    ...REVENUE_FILTER,
    holder: 'Only claims of this holder.',
    snapshotId: 'Only claims of this snapshot.',
    amountWei: { between: 'Only amounts in this range, in units of the asset (wei for ETH).' },
  },
  filterLast: true,
  indexed: ['holder', 'snapshotId'],
  amount: 'amountWei',
  totals: {
    text: 'How much holders claimed: in all, by token, snapshot or holder, step by step.',
    hasOneAsset: true,
    measures: ['amountWei'],
    money: { amountWei: 'asset' },
    groups: ['token', 'snapshotId', 'holder'],
  },
});
