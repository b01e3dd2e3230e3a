import { formatTable } from '../../../textTable.js';
import type { StatementRow, StatementSection } from '../layout/document.js';
import { layOut, mapTexts } from '../layout/layout.js';
import { isVisible, plainSigns } from '../layout/plainSigns.js';
import type { Statement } from '../read/statement.js';

/** A statement as plain text in columns. */
export function writeText(statement: Statement): string {
  const { title, facts, sections } = mapTexts(layOut(statement), (text) =>
    plainSigns(text, isVisible),
  );
  return [title, ...facts].join('\n').concat('\n', ...sections.map(sectionText));
}

function sectionText({ title, subtitle, columns, rows, notes }: StatementSection): string {
  const heading = [`\n${title}`, subtitle].filter((line) => line !== '').join('\n');
  const table = formatTable<StatementRow>(
    columns.map((column, index) => ({ ...column, cell: ({ cells }) => cells[index] ?? '' })),
    rows,
  );
  return `${heading}\n${rows.length === 0 ? '' : table}${notes.map((note) => `${note}\n`).join('')}`;
}
