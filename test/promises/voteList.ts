import { defineOperations } from '../../src/api/lists/engine/defineOperations.js';
import { field } from '../../src/api/lists/engine/field.js';
import { ADDRESS, AMOUNT, TEXT } from '../../src/api/lists/engine/fieldKinds.js';
import { CHAIN_FILTER, TIME_FILTER } from '../../src/api/lists/engine/operationFields.js';
import { tableReader } from '../../src/api/lists/engine/tableReader.js';
import { bookNode, OF_TOKENS, TOKEN_FILTER } from '../../src/api/lists/tokenBooks.js';
import { OperationType } from '../../src/api/objects/operations/operations.js';
import { column } from '../../src/model/table.js';

/** As src/model/tables has it for a table of schema.graphql. */
const VOTE = {
  voter: column('voter', 'bytea', { holds: 'address' }),
  weight: column('weight', 'numeric'),
  choice: column('choice', 'text'),
};

const FIELDS = {
  voter: field(ADDRESS, 'Who voted.', VOTE.voter),
  weight: field(AMOUNT, 'What the voter held, in token units.', VOTE.weight),
  choice: field(TEXT, 'What the vote was for.', VOTE.choice),
};

/** A toy list: all that a new one needs in one file. */
export const VOTE_LIST = defineOperations({
  name: 'Vote',
  query: { name: 'votes', text: 'Votes of holders.' },
  rows: 'votes',
  type: { text: 'A holder voted.', base: OperationType },
  reader: tableReader({ table: 'vote', fields: FIELDS, amount: 'weight', filterBy: ['voter'] }),
  owners: OF_TOKENS,
  toNode: (row, book, asOf) => bookNode(row, book, asOf),
  fields: FIELDS,
  filter: {
    ...CHAIN_FILTER,
    token: TOKEN_FILTER.token,
    ...TIME_FILTER,
    voter: 'Only votes of this account.',
  },
  indexed: ['voter'],
  amount: 'weight',
  totals: {
    text: 'How many tokens voted.',
    measures: ['weight'],
    groups: ['token', 'choice', 'voter'],
  },
});
