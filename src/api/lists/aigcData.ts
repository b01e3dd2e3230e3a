import { type Finality, finalityOf } from '../../ledger/collection.js';
import { AIGC_DATA } from '../../model/tables/aigcData.js';
import type { AigcDataRecord } from '../../store/read/collections/aigcData.js';
import { DATA_VERSIONS } from '../../store/read/collections/aigcHistory.js';
import type { CollectionNode } from '../objects/collections/collection.js';
import { AigcFinality } from '../values/collectionEnums.js';
import { defineStoredList } from './engine/defineStoredList.js';
import { field, optional, shown, type ValuesOf } from './engine/field.js';
import {
  ADDRESS,
  AIGC_CONTENT_VERDICT,
  AIGC_EVENT,
  AIGC_PROMPT_VERDICT,
  AMOUNT,
  TEXT,
  YES_NO,
} from './engine/fieldKinds.js';
import { NEWEST_FIRST } from './engine/listArgs.js';
import { placeIn } from './engine/operationFields.js';

const { columns } = AIGC_DATA;

const FIELDS = {
  ...placeIn(AIGC_DATA),
  event: field(AIGC_EVENT, 'The event that said it.', columns.event),
  writer: field(ADDRESS, columns.writer),
  oracle: optional(
    ADDRESS,
    'The contract whose request it answers; null if it answers none. Anybody can write a contract that looks like an oracle: model ids mean something with a trusted address only.',
    columns.oracle,
  ),
  requestId: optional(
    AMOUNT,
    'The AI oracle request that it answers; null if no oracle wrote it.',
    columns.requestId,
  ),
  modelId: optional(
    AMOUNT,
    'The model that made it, by the request; null if no oracle wrote it, or requests of one id name different models.',
    columns.modelId,
  ),
  uri: optional(TEXT, 'Of the older drafts: a link to metadata.', columns.uri),
  finality: shown(
    AigcFinality,
    'Whether it can still change; null: the contract does not tell.',
    true,
  ),
  promptVerdict: field(
    AIGC_PROMPT_VERDICT,
    'Why its prompt belongs to the token.',
    columns.promptVerdict,
  ),
  contentVerdict: field(
    AIGC_CONTENT_VERDICT,
    'How the content was confirmed.',
    columns.contentVerdict,
  ),
  isCurrent: field(YES_NO, 'Whether the token shows it as its own; false: it is history only.'),
};

/** SQL of the chain id of a row of a collection's history. */
export const CHAIN_OF_COLLECTION =
  '(SELECT chain_id FROM contract WHERE number = o.collection_number)';

/** The contents of a token of a collection. */
export const AIGC_DATA_LIST = defineStoredList({
  name: 'AigcData',
  rows: 'contents of a token',
  type: { text: 'A content of a token, as it was written.' },
  fields: FIELDS,
  labelled: {
    fields: ['writer', 'oracle'],
    chain: CHAIN_OF_COLLECTION,
    chainOf: ({ chainId }: AigcDataNode) => chainId,
  },
  args: ['direction', 'where'],
  ends: NEWEST_FIRST,
  connection: { name: 'AigcDataHistory', description: 'A page of the contents of a token.' },
});

export const DATA_HISTORY = { ...DATA_VERSIONS, where: AIGC_DATA_LIST.columns };

/** A content with what its fields are read by. */
export interface AigcDataNode extends ValuesOf<typeof FIELDS> {
  readonly chainId: number;
  readonly record: AigcDataRecord;
  /** Row id up to which contents count as seen. */
  readonly upTo: string;
}

/** @param currentId row id of what the token shows as its content */
export function aigcDataNode(
  record: AigcDataRecord,
  { record: { proofType, chainId } }: CollectionNode,
  upTo: string,
  currentId: string | null,
): AigcDataNode {
  const { event, block, timestamp, transactionHash, writer, uri } = record;
  const { oracle, requestId, modelId, promptVerdict, contentVerdict } = record;
  const finality: Finality | null = finalityOf(proofType, event === 'Update', contentVerdict);
  return {
    record,
    upTo,
    chainId,
    event,
    block,
    timestamp,
    transactionHash,
    writer,
    oracle,
    requestId,
    modelId,
    uri,
    finality,
    promptVerdict,
    contentVerdict,
    isCurrent: record.id === currentId,
  };
}
