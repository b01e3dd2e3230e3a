import { TRANSFER } from '../../model/tables/transfer.js';
import { TRANSFER_KIND_SQL, TRANSFERS } from '../../store/read/operations/transfers.js';
import { OperationType } from '../objects/operations/operations.js';
import { defineOperations } from './engine/defineOperations.js';
import { field, only } from './engine/field.js';
import { ADDRESS, AMOUNT, COUNT, TRANSFER_KIND } from './engine/fieldKinds.js';
import { bookNode, OF_TOKENS, TOKEN_FILTER } from './tokenBooks.js';

const { columns } = TRANSFER;

export const TRANSFER_LIST = defineOperations({
  name: 'Transfer',
  query: { name: 'transfers', text: 'ERC-20 transfers of tokens.' },
  rows: 'transfers',
  type: {
    text: 'An ERC-20 transfer; mints come from and burns go to the zero address.',
    base: OperationType,
  },
  reader: TRANSFERS,
  owners: OF_TOKENS,
  toNode: (row, book, asOf) => bookNode(row, book, asOf),
  fields: {
    logIndex: field(COUNT, 'Index of the log in its block.'),
    from: field(ADDRESS, columns.from),
    to: field(ADDRESS, columns.to),
    amount: field(AMOUNT, columns.amount),
    kind: field(
      TRANSFER_KIND,
      'Whether it minted, burned or only moved the tokens.',
      TRANSFER_KIND_SQL,
    ),
  },
  labelled: ['from', 'to'],
  needs: { token: [] },
  value: {
    what: '`amount`, where the token itself has a feed,',
    async of(node, { books }) {
      const { address } = await books.tokenNumbered(node.tokenNumber);
      return { place: { ...node, asset: address }, amount: node.amount };
    },
  },
  filter: {
    ...TOKEN_FILTER,
    account: only(ADDRESS, 'Only transfers from or to this account.'),
    from: 'Only transfers from this account; the zero address: mints.',
    to: 'Only transfers to this account; the zero address: burns.',
    amount: { between: 'Only amounts in this range, token units.' },
  },
  filterLast: true,
  indexed: ['from', 'to'],
  amount: 'amount',
  totals: {
    text: 'How many tokens moved, were minted or burned: in all, by token, kind or account, step by step.',
    measures: ['amount'],
    money: { amount: 'token' },
    groups: ['token', 'kind', 'from', 'to'],
    renamed: { from: 'sender', to: 'recipient' },
  },
});
