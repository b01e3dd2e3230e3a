import type { ComponentChildren } from 'preact';

/** A column of a table: its heading, and what a row has in it. */
export interface Column<Row> {
  readonly title: string;
  /** Right-aligned. */
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

/** A table that scrolls by itself where it is wider than its place. */
export function DataTable<Row>({
  label,
  columns,
  rows,
  keyOf,
  rowClass,
  note,
  narrow,
}: {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly rowClass?: (row: Row) => string;
  /** Below the table. */
  readonly note?: string | undefined;
  /** On a phone each row is a list of its cells with their headings, or has two of them in a line. */
  readonly narrow?: 'rows' | 'pairs';
}) {
  const classOf = ({ isNumber = false }: Column<Row>) => (isNumber ? 'number' : '');
  return (
    <section class="scroll" aria-label={label}>
      <table class={narrow}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.title} scope="col" class={classOf(column)}>
                {column.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} class={rowClass?.(row)}>
              {columns.map((column) => (
                <td key={column.title} class={classOf(column)} data-title={column.title}>
                  {narrow === undefined ? (
                    column.cell(row)
                  ) : (
                    <div class="cell">{column.cell(row)}</div>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {note !== undefined && <p class="muted small">{note}</p>}
    </section>
  );
}
