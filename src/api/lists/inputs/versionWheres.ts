import type {
  AigcDataValues,
  AigcTransferValues,
} from '../../../store/read/collections/aigcHistory.js';
import {
  AddressComparison,
  AigcContentVerdictComparison,
  AigcEventComparison,
  AigcPromptVerdictComparison,
  BigIntComparison,
  Bytes32Comparison,
  DateTimeComparison,
  SafeIntComparison,
  StringComparison,
} from '../engine/comparisons.js';
import { whereInput } from '../engine/whereInput.js';

const VERSION = {
  block: { type: SafeIntComparison, description: 'Block number.' },
  timestamp: { type: DateTimeComparison, description: 'Time of the block.' },
  transactionHash: { type: Bytes32Comparison, description: 'Its transaction.' },
};

export const AigcTransferWhere = whereInput<AigcTransferValues>(
  'AigcTransfer',
  'transfers of a token of a collection',
  {
    ...VERSION,
    from: { type: AddressComparison, description: 'Who gave it; the zero address: mints.' },
    to: { type: AddressComparison, description: 'Who got it; the zero address: burns.' },
  },
);

export const AigcDataWhere = whereInput<AigcDataValues>('AigcData', 'contents of a token', {
  ...VERSION,
  event: { type: AigcEventComparison, description: 'The event that said it.' },
  writer: { type: AddressComparison, description: 'Who called the collection to write it.' },
  oracle: {
    type: AddressComparison,
    description: 'The contract whose request it answers; no value if it answers none.',
  },
  requestId: { type: BigIntComparison, description: 'The request that it answers.' },
  modelId: { type: BigIntComparison, description: 'The model that made it.' },
  uri: { type: StringComparison, description: 'Of the older drafts: a link to metadata.' },
  promptVerdict: {
    type: AigcPromptVerdictComparison,
    description: 'Why its prompt belongs to the token.',
  },
  contentVerdict: {
    type: AigcContentVerdictComparison,
    description: 'How it was confirmed.',
  },
});
