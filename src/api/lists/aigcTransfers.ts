import { AIGC_TRANSFER } from '../../model/tables/aigcTransfer.js';
import {
  type AigcTransferRecord,
  OWNER_VERSIONS,
} from '../../store/read/collections/aigcHistory.js';
import { CHAIN_OF_COLLECTION } from './aigcData.js';
import { defineStoredList } from './engine/defineStoredList.js';
import { field } from './engine/field.js';
import { ADDRESS } from './engine/fieldKinds.js';
import { NEWEST_FIRST } from './engine/listArgs.js';
import { placeIn } from './engine/operationFields.js';

const { columns } = AIGC_TRANSFER;

/** The owners of a token of a collection. */
export const AIGC_TRANSFER_LIST = defineStoredList({
  name: 'AigcTransfer',
  rows: 'transfers of a token of a collection',
  type: { text: 'A token changed hands.' },
  fields: {
    ...placeIn(AIGC_TRANSFER),
    from: field(ADDRESS, 'Who gave it; the zero address: it was minted.', columns.from),
    to: field(ADDRESS, 'Who got it; the zero address: it was burned.', columns.to),
  },
  labelled: {
    fields: ['from', 'to'],
    chain: CHAIN_OF_COLLECTION,
    chainOf: ({ chainId }: AigcTransferNode) => chainId,
  },
  args: ['direction', 'where'],
  ends: NEWEST_FIRST,
  connection: { name: 'AigcOwnerHistory', description: 'A page of the owners of a token.' },
});

export const OWNER_HISTORY = { ...OWNER_VERSIONS, where: AIGC_TRANSFER_LIST.columns };

/** A transfer, with the chain of its collection. */
export interface AigcTransferNode extends AigcTransferRecord {
  readonly chainId: number;
}
