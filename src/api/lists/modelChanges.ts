import { ID } from 'type-graphql';
import { MODEL_CHANGE } from '../../model/tables/modelChange.js';
import type { ModelChange } from '../../store/read/oracles/modelHistory.js';
import { ModelTermsType, termsNode } from '../objects/oracles/model.js';
import { ModelChangeKind, oracleEnumValue } from '../values/oracleEnums.js';
import { defineStoredList } from './engine/defineStoredList.js';
import { field, shown } from './engine/field.js';
import { COUNT, MODEL_CHANGE_KIND } from './engine/fieldKinds.js';
import { OLDEST_FIRST } from './engine/listArgs.js';
import { placeIn } from './engine/operationFields.js';

/** The history of the terms of a model. */
export const MODEL_CHANGE_LIST = defineStoredList({
  name: 'ModelChange',
  rows: 'changes of terms',
  type: { text: "A change of a model's terms, and the terms after it." },
  fields: {
    id: shown(ID, 'Unique; sorts in the order of the chain.'),
    ...placeIn(MODEL_CHANGE),
    transactionIndex: field(COUNT, 'Index of the transaction in its block.'),
    kind: field(MODEL_CHANGE_KIND, 'What was changed.', MODEL_CHANGE.columns.kind),
    terms: shown(ModelTermsType, 'The terms in force from then on.'),
  },
  args: ['direction', 'where'],
  ends: OLDEST_FIRST,
});

export function modelChangeNode(change: ModelChange, chainId: number) {
  const { id, block, timestamp, transactionHash, transactionIndex } = change;
  const kind = oracleEnumValue(ModelChangeKind, change.kind);
  return {
    id,
    block,
    timestamp,
    transactionHash,
    transactionIndex,
    kind,
    terms: termsNode(change, chainId),
  };
}
