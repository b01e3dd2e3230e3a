import {
  address,
  amount,
  column,
  ownerColumns,
  placeColumns,
  UNITS,
} from '../../src/export/columns/columns.js';
import { operationDataset } from '../../src/export/columns/operationDataset.js';

/** A toy dataset: all that a new one needs in one file. */
export const votes = operationDataset({
  name: 'votes',
  summary: 'votes of holders',
  table: 'vote',
  columns: [
    ...ownerColumns('o.id'),
    ...placeColumns(),
    address('voter', 'o.voter', 'Who voted.'),
    ...amount('weight', 'o.weight', UNITS.token, 'What the voter held.'),
    column('choice', 'text', 'o.choice', 'What the vote was for.'),
  ],
  ofHolder: (holder) => `o.voter = ${holder}`,
});
