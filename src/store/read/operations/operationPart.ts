import type { TableOf } from '../../../model/table.js';
import { rowPart } from '../query/tableRow.js';
import {
  decodeOperation,
  type OperationColumns,
  type OperationRecord,
  type RowReader,
} from './operation.js';

/** Reads the place of operations and some fields of the rows of their table. */
export function operationPart<Row extends object>(
  table: TableOf<Row>,
  fields: ReadonlySet<string>,
): RowReader<OperationColumns, Partial<Row> & OperationRecord> {
  const part = rowPart<Row>(table, fields);
  return {
    columns: part.columns,
    decode: (columns) => decodeOperation(columns, part.decode(columns)),
  };
}
