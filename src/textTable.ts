export interface TableColumn<Row> {
  readonly title: string;
  readonly align?: 'left' | 'right';
  readonly cell: (row: Row) => string;
}

/** Plain text in columns, as wide as their longest cell. */
export function formatTable<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
): string {
  const filled = columns.map(({ title, align = 'left', cell }) => {
    const cells = [title, ...rows.map(cell)];
    const width = cells.reduce((widest, { length }) => Math.max(widest, length), 0);
    return cells.map((text) => (align === 'right' ? text.padStart(width) : text.padEnd(width)));
  });
  const lines = ['', ...rows].map((_, line) => filled.map((cells) => cells[line]).join('  '));
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}
