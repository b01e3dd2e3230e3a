import { type Address, addressBytes } from '../../../address.js';
import type { SaleEntryKind } from '../../../ledger/sales/sale.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { byId } from '../operations/operationSelect.js';
import { optionalAddress } from '../query/decode.js';

/** A canonical entry of a sale. Its `tokenNumber` is our number of the sale. */
export interface SaleEntryRecord extends OperationRecord {
  readonly kind: SaleEntryKind;
  readonly participant: Address | null;
  readonly caller: Address | null;
  readonly raiseAmount: bigint;
  readonly tokenAmount: bigint;
}

export interface SaleEntryFilter {
  readonly participant?: Address | null;
  readonly entryKind?: string | null;
}

interface Columns extends OperationColumns {
  readonly kind: SaleEntryKind;
  readonly participant: Buffer | null;
  readonly caller: Buffer | null;
  readonly raise_amount: string;
  readonly token_amount: string;
}

export const SALE_ENTRIES: OperationKind<Columns, SaleEntryRecord, SaleEntryFilter> = {
  table: 'sale_entry',
  columns: ['o.kind', 'o.participant', 'o.caller', 'o.raise_amount', 'o.token_amount'],
  amountColumn: 'raise_amount',
  amountIndex: 'kept',

  source({ participant, entryKind }, parameters) {
    const where: string[] = [];
    if (entryKind != null) where.push(`o.kind = ${parameters.add(entryKind)}`);
    if (participant != null) {
      where.push(`o.participant = ${parameters.add(addressBytes(participant))}`);
      where.push('o.sale_number = w.token_number');
    }
    const from = '(SELECT e.*, e.sale_number AS token_number FROM sale_entry e) o';
    return { ...byId('sale_entry', where), from };
  },

  decode: (columns) => ({
    ...decodeOperation(columns),
    kind: columns.kind,
    participant: optionalAddress(columns.participant),
    caller: optionalAddress(columns.caller),
    raiseAmount: BigInt(columns.raise_amount),
    tokenAmount: BigInt(columns.token_amount),
  }),

  amountOf: ({ raiseAmount }) => raiseAmount,
};
