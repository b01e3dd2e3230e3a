import { missingPrices, missingPriceText } from '../read/missingPrices.js';
import { endText, periodText } from '../read/names.js';
import type { Statement } from '../read/statement.js';
import { accountNames, ownersText } from './accountColumns.js';
import type { StatementDocument, StatementSection } from './document.js';
import { saleSection } from './saleSection.js';
import { positionsSection, revenueSection, tokenSection } from './sections.js';
import { throughSection } from './throughSection.js';

/** Lays a statement out: positions first, then every token, its revenue, and the sales. */
export function layOut(statement: Statement): StatementDocument {
  const { currency, periods, tokens, sales, through, ended } = statement;
  const sections = tokens.flatMap((token) => [
    tokenSection(token, statement),
    ...token.revenue.map((revenue) => revenueSection(token, revenue, statement)).filter(hasRows),
  ]);
  return {
    title: `Statement of ${ownersText(statement)}`,
    facts: [
      ...accountNames(statement),
      ...periods.map(periodText),
      ...ended.map(endText),
      ...(currency === null
        ? []
        : [
            `Values in ${currency}, each line at the price of its time; none: not known, and in no sum`,
            ...missingPrices(statement).map((missing) => missingPriceText(currency, missing)),
          ]),
    ],
    sections: [
      positionsSection(statement),
      ...(through.length === 0 ? [] : [throughSection(through)]),
      ...sections,
      ...sales.map((sale) => saleSection(sale, statement)),
    ],
  };
}

/** An asset in which nothing ever happened is left out. */
function hasRows({ rows }: StatementSection): boolean {
  return rows.length > 0;
}

/** The same with every text written by `write`. */
export function mapTexts(
  { title, facts, sections }: StatementDocument,
  write: (text: string) => string,
): StatementDocument {
  return {
    title: write(title),
    facts: facts.map(write),
    sections: sections.map((section) => ({
      ...section,
      title: write(section.title),
      subtitle: write(section.subtitle),
      columns: section.columns.map((column) => ({ ...column, title: write(column.title) })),
      rows: section.rows.map((row) => ({ ...row, cells: row.cells.map(write) })),
      notes: section.notes.map(write),
    })),
  };
}
