import type { ExportScope } from './scope.js';

export type ColumnType =
  | 'text'
  | 'address'
  | 'hash'
  | 'uint256'
  | 'int256'
  | 'decimal'
  | 'integer'
  | 'double'
  | 'boolean'
  | 'timestamp'
  | 'date';

/** A column of a dataset: what the data dictionary says, and where it comes from. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The unit of an amount; `null` if the column is not an amount. */
  readonly unit: string | null;
  readonly description: string;
  readonly isNullable: boolean;
  /** Somebody else wrote the text: in CSV, nothing of it may be a formula of a spreadsheet. */
  readonly isForeign?: true;
  /** SQL over the dataset's source; numbers of 256 bits as text. */
  readonly sql: string;
}

/** Options that narrow a dataset, in addition to token, chain and moment, which narrow all. */
export type Narrowing = 'from/to' | 'holder' | 'snapshot' | 'isContract/kind';

/** Something that can be exported. To add one, write a file in `datasets` and name it in the catalogue. */
export interface Dataset {
  readonly name: string;
  /** One line: what a row is. */
  readonly summary: string;
  /** What a reader must know in addition to the columns; Markdown. */
  readonly notes: string | null;
  readonly columns: readonly Column[];
  /** The columns of an export with values in a currency; left out: it has no values. */
  readonly priced?: (currency: string) => readonly Column[];
  readonly takes: readonly Narrowing[];
  /** No row belongs to a token, so `token` is refused. */
  readonly hasNoToken?: true;
  /** It is about one holder, who must be named. */
  readonly needsHolder: boolean;
  /** Rows have a `row_id`, and an export can continue after one. */
  readonly isResumable: boolean;
  /** The query that the columns are selected from. */
  source(scope: ExportScope): Promise<DatasetSource> | DatasetSource;
}

/** Parts of a query: `WITH <tables> SELECT <columns> <from>`. */
export interface DatasetSource {
  readonly tables: readonly string[];
  /** FROM, WHERE and ORDER BY. */
  readonly from: string;
}
