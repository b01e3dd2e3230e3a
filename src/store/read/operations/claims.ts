import { type Address, addressBytes } from '../../../address.js';
import {
  CLAIM,
  type ClaimColumns,
  type ClaimRow,
  decodeClaim,
} from '../../../model/tables/claim.js';
import { type Hex, hexBytes, type Range } from '../query/decode.js';
import { rowColumns } from '../query/tableRow.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from './operation.js';
import { operationPart } from './operationPart.js';
import { amountConditions, byId } from './operationSelect.js';

/** A holder claimed its share of a snapshot. */
export interface ClaimRecord extends OperationRecord, ClaimRow {}

export interface ClaimFilter {
  readonly holder?: Address | null;
  readonly snapshotId?: number | null;
  readonly transactionHash?: Hex | null;
  readonly amountWei?: Range<bigint> | null;
}

interface Columns extends OperationColumns, ClaimColumns {}

export const CLAIMS: OperationKind<Columns, ClaimRecord, ClaimFilter> = {
  table: CLAIM.name,
  columns: rowColumns(CLAIM),
  amountColumn: 'amount_wei',
  amountIndex: 'kept',

  source({ holder, snapshotId, transactionHash, amountWei }, parameters) {
    const where = amountConditions('o.amount_wei', amountWei, parameters);
    if (transactionHash != null) {
      where.push(`o.transaction_hash = ${parameters.add(hexBytes(transactionHash))}`);
    }
    if (snapshotId != null) {
      where.push('o.token_number = w.token_number');
      where.push(`o.snapshot_id = ${parameters.add(snapshotId)}`);
    }
    if (holder === null || holder === undefined) return byId('claim', where);
    // OFFSET 0 keeps the planner from walking the whole table in order of ids: a holder has at
    // most one claim for each snapshot, and an index finds them.
    const ofHolder = `(
      SELECT * FROM claim c
      WHERE c.holder = ${parameters.add(addressBytes(holder))} AND c.token_number = w.token_number
      OFFSET 0
    ) o`;
    return { ...byId('claim', where), from: ofHolder };
  },

  decode: (columns) => decodeOperation(columns, decodeClaim(columns)),
  part: (fields) => operationPart<ClaimRow>(CLAIM, fields),

  amountOf: ({ amountWei }) => amountWei,
};
