import { lastOperationId, operationId } from '../store/ids.js';
import type { Column, Dataset, DatasetSource, Narrowing } from './dataset.js';
import { badCursor } from './exportErrors.js';
import { BOOKED_OPERATION, type PricedPlace, pricesFor, valueColumns } from './priced.js';
import { bookTable, type ExportScope, rangeConditions } from './scope.js';
import { addressLiteral, textLiteral } from './sqlText.js';

interface OperationDataset {
  readonly name: string;
  readonly summary: string;
  readonly notes?: string;
  readonly columns: readonly Column[];
  /** The column whose amount has a value; left out: none. */
  readonly valued?: {
    readonly name: string;
    readonly sql: string;
    /** Default: in the asset of its books. */
    readonly place?: PricedPlace;
  };
  /** FROM items, with operations `o`. Default: the table itself. */
  readonly table: string;
  /** Conditions on `o` that pick out a holder, given as bytes. */
  readonly ofHolder?: (holder: string) => string;
}

const OPERATION_ID = /^\d{4,9}-\d{10}-\d{6}$/;

/** A dataset whose rows are operations of tokens, one for each row of an append-only table. */
export function operationDataset(options: OperationDataset): Dataset {
  const { name, summary, notes = null, columns, valued, table, ofHolder } = options;
  const place = valued?.place ?? BOOKED_OPERATION;
  const takes: Narrowing[] = ofHolder === undefined ? ['from/to'] : ['from/to', 'holder'];
  return {
    name,
    summary,
    notes,
    columns,
    ...(valued === undefined
      ? {}
      : { priced: (currency: string) => [...columns, ...valueColumns(currency, valued, place)] }),
    takes,
    needsHolder: false,
    isResumable: true,
    source(scope): DatasetSource {
      const where = ['o.block_number <= b.block', ...idRange(scope), ...rangeConditions(scope)];
      if (scope.holder !== null && ofHolder !== undefined) {
        where.push(ofHolder(addressLiteral(scope.holder)));
      }
      return {
        tables: [bookTable(scope)],
        from: `FROM ${table} o JOIN book b ON b.number = o.token_number
          ${valued === undefined ? '' : pricesFor(scope, place)}
          WHERE ${where.join(' AND ')} ORDER BY o.id`,
      };
    },
  };
}

/** Ids begin with the number of the book, so the primary key finds those of the scope. */
function idRange({ books, after }: ExportScope): string[] {
  const where: string[] = [];
  if (books.length > 0) {
    const numbers = books.map(({ number }) => number);
    const blocks = books.map(({ block }) => block);
    const low = operationId(Math.min(...numbers), 0, 0);
    const high = lastOperationId(Math.max(...numbers), Math.max(...blocks));
    where.push(`o.id >= ${textLiteral(low)}`, `o.id <= ${textLiteral(high)}`);
  }
  if (after !== null) where.push(`o.id > ${textLiteral(operationCursor(after))}`);
  return where;
}

/** @throws ImoError `EXPORT_BAD_CURSOR` */
export function operationCursor(after: string, pattern = OPERATION_ID): string {
  if (!pattern.test(after)) throw badCursor(after);
  return after;
}
