/** A column of a table. */
export interface StatementColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** A row; the opening and the closing stand out. */
export interface StatementRow {
  readonly cells: readonly string[];
  readonly isTotal: boolean;
}

/** A table with a heading, and lines of text below it. */
export interface StatementSection {
  readonly title: string;
  readonly subtitle: string;
  readonly columns: readonly StatementColumn[];
  readonly rows: readonly StatementRow[];
  readonly notes: readonly string[];
}

/** A statement for people, whatever it is written on. */
export interface StatementDocument {
  readonly title: string;
  readonly facts: readonly string[];
  readonly sections: readonly StatementSection[];
}
