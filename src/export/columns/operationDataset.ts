import { lastOperationId, numberOfId, parseOperationId } from '../../store/ids.js';
import { badCursor } from '../exportErrors.js';
import type { Column, Dataset, DatasetSource, Narrowing } from './dataset.js';
import { type Labelled, labelJoins, NAME_TABLE, withLabels } from './labels.js';
import { BOOKED_OPERATION, type PricedSqlPlace, pricesFor, valueColumns } from './priced.js';
import { bookNumbers, bookTable, type ExportScope, rangeConditions, rowsOfBooks } from './scope.js';
import { addressLiteral, integerLiteral, textLiteral } from './sqlText.js';

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
    readonly place?: PricedSqlPlace;
  };
  /** Addresses that have labels. */
  readonly labelled?: Labelled;
  /** FROM items, with operations `o`. Default: the table itself. */
  readonly table: string;
  /** Conditions on `o` that pick out a holder, given as bytes. */
  readonly ofHolder?: (holder: string) => string;
}

/** A dataset whose rows are operations of tokens, one for each row of an append-only table. */
export function operationDataset(options: OperationDataset): Dataset {
  const { name, summary, notes = null, valued, labelled = {}, table, ofHolder } = options;
  const columns = withLabels(options.columns, labelled);
  const place = valued?.place ?? BOOKED_OPERATION;
  const takes: Narrowing[] = ofHolder === undefined ? ['from/to'] : ['from/to', 'holder'];
  return {
    name,
    summary,
    notes,
    columns,
    ...(valued === undefined
      ? {}
      : { priced: (currency: string) => [...columns, ...valueColumns(currency, valued)] }),
    takes,
    needsHolder: false,
    isResumable: true,
    source(scope): DatasetSource {
      const where = ['o.block_number <= b.block', ...idRange(scope), ...rangeConditions(scope)];
      if (scope.holders.length > 0 && ofHolder !== undefined) {
        where.push(`(${scope.holders.map((one) => ofHolder(addressLiteral(one))).join(' OR ')})`);
      }
      return {
        tables: [bookTable(scope), NAME_TABLE],
        from: `FROM ${rowsOfBooks(table, bookNumbers(scope))} o JOIN book b ON b.number = o.token_number
          ${labelJoins('b.chain_id', labelled)}
          ${valued === undefined ? '' : pricesFor(scope, place)}
          WHERE ${where.join(' AND ')} ORDER BY o.token_number, o.id`,
      };
    },
  };
}

/** Rows are sorted by books and id, so the rows of the scope are a range of the key. */
function idRange({ books, after }: ExportScope): string[] {
  const where: string[] = [];
  const [first] = books;
  if (books.length === 1 && first !== undefined) {
    where.push(`o.id <= ${textLiteral(lastOperationId(first.number, first.block))}`);
  }
  if (after !== null) where.push(rowsAfter('o.token_number', 'o.id', operationCursor(after)));
  return where;
}

/** The rows behind a row id, in the order of owners and ids. @param id a checked cursor */
export function rowsAfter(number: string, column: string, id: string): string {
  return `(${number}, ${column}) > (${integerLiteral(numberOfId(id))}, ${textLiteral(id)})`;
}

/** @throws ImoError `EXPORT_BAD_CURSOR` */
export function operationCursor(after: string): string {
  if (parseOperationId(after) === null) throw badCursor(after);
  return after;
}
