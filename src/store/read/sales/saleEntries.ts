import { type Address, addressBytes } from '../../../address.js';
import type { SaleEntryKind } from '../../../ledger/sales/sale.js';
import {
  decodeSaleEntry,
  SALE_ENTRY,
  type SaleEntryColumns,
  type SaleEntryRow,
} from '../../../model/tables/saleEntry.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationKind,
  type OperationRecord,
} from '../operations/operation.js';
import { operationPart } from '../operations/operationPart.js';
import { byId } from '../operations/operationSelect.js';
import { rowColumns } from '../query/tableRow.js';

/** A canonical entry of a sale. Its `tokenNumber` is our number of the sale. */
export interface SaleEntryRecord extends OperationRecord, SaleEntryRow {
  readonly kind: SaleEntryKind;
}

export interface SaleEntryFilter {
  readonly participant?: Address | null;
  readonly entryKind?: string | null;
}

interface Columns extends OperationColumns, SaleEntryColumns {
  readonly kind: SaleEntryKind;
}

export const SALE_ENTRIES: OperationKind<Columns, SaleEntryRecord, SaleEntryFilter> = {
  table: SALE_ENTRY.name,
  columns: rowColumns(SALE_ENTRY),
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
    return { ...byId(SALE_ENTRY.name, where), from };
  },

  decode: (columns) => decodeOperation(columns, decodeSaleEntry(columns), { kind: columns.kind }),
  part: (fields) => operationPart<Pick<SaleEntryRecord, keyof SaleEntryRow>>(SALE_ENTRY, fields),

  amountOf: ({ raiseAmount }) => raiseAmount,
};
