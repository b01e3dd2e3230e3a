import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { ImoError } from '../../../errors.js';
import type { StatementSection } from '../layout/document.js';
import { layOut, mapTexts } from '../layout/layout.js';
import type { Statement } from '../read/statement.js';
import { FONT_FOLDER, fontFile, PdfText } from './pdfFonts.js';

/** A table is laid out in memory as a whole: so many rows take 5 to 12 s and 500 MB. */
const ROWS_AT_MOST = 10_000;

/** A transaction hash as two lines of half its digits. */
const NUMBERS =
  'A sign that this font has not is written by its Unicode number: \\u{6a21}. The formats csv and json have it itself.';
const HALF_A_HASH = 34;
const MARGIN = 28;
const TEXT_SIZE = 7;
const RULE = '#c9ced6';
const SHADE = '#f1f3f6';
const FAINT = '#5a6270';

/**
 * A statement as PDF: pages in landscape with numbers, the head of a table on each of them. The
 * same statement gives the same pages.
 *
 * @throws ImoError `STATEMENT_TOO_LONG` if it has more lines than anybody prints
 */
export async function writePdf(statement: Statement): Promise<Buffer> {
  const text = new PdfText();
  const { title, facts, sections } = mapTexts(layOut(statement), text.write);
  const rowCount = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  if (rowCount > ROWS_AT_MOST) {
    throw new ImoError(
      'STATEMENT_TOO_LONG',
      `the statement has ${rowCount} lines, a PDF at most ${ROWS_AT_MOST}`,
      'Choose a shorter period, one token, or the format csv.',
    );
  }
  pdfmake.setFonts({ Roboto: { normal: fontFile('Regular'), bold: fontFile('Medium') } });
  // Nothing is loaded but the fonts: a token may be named like a URL or a path.
  pdfmake.setUrlAccessPolicy(() => false);
  pdfmake.setLocalAccessPolicy((path) => path.startsWith(FONT_FOLDER));
  return pdfmake
    .createPdf(
      definition(title, text.hasNumbers ? [...facts, NUMBERS] : facts, sections, statement),
    )
    .getBuffer();
}

function definition(
  title: string,
  facts: readonly string[],
  sections: readonly StatementSection[],
  { periods }: Statement,
): TDocumentDefinitions {
  const times = periods.flatMap(({ closingTime }) => (closingTime === null ? [] : [closingTime]));
  const newest = Math.max(0, ...times.map((time) => time.getTime()));
  return {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [MARGIN, MARGIN, MARGIN, MARGIN + 12],
    defaultStyle: { font: 'Roboto', fontSize: TEXT_SIZE },
    info: { title, creator: 'imo-ledger', producer: 'imo-ledger', creationDate: new Date(newest) },
    footer: (page, pages) => ({
      margin: [MARGIN, 8, MARGIN, 0],
      fontSize: TEXT_SIZE,
      color: FAINT,
      columns: [title, { text: `Page ${page} of ${pages}`, alignment: 'right' }],
    }),
    content: [
      { text: title, fontSize: 15, bold: true, margin: [0, 0, 0, 4] },
      ...facts.map((text) => ({ text, fontSize: 8 })),
      ...sections.flatMap(sectionContent),
    ],
  };
}

function sectionContent({ title, subtitle, columns, rows, notes }: StatementSection): Content[] {
  const heading = [
    { text: title, fontSize: 11, bold: true },
    ...(subtitle === '' ? [] : [{ text: subtitle, color: FAINT }]),
  ];
  const head = columns.map(
    ({ title: text, align }): TableCell => ({
      text,
      bold: true,
      alignment: align,
      fillColor: SHADE,
    }),
  );
  const body = rows.map(({ cells, isTotal }) =>
    columns.map(
      ({ align, title: column }, index): TableCell => ({
        text: column === 'TRANSACTION' ? foldedHash(cells[index] ?? '') : (cells[index] ?? ''),
        alignment: align,
        bold: isTotal,
        ...(column === 'TRANSACTION' ? { fontSize: TEXT_SIZE - 1.5 } : {}),
      }),
    ),
  );
  const comments = notes.map((text) => ({
    text,
    margin: [3, 3, 0, 0] as [number, number, number, number],
  }));
  if (rows.length === 0) return [{ stack: [...heading, ...comments], margin: [0, 12, 0, 0] }];
  // The heading is part of the head: it comes again on every page, and never stands alone.
  const headingRow: TableCell[] = columns.map(
    (_, index): TableCell =>
      index === 0 ? { stack: heading, colSpan: columns.length } : { text: '' },
  );
  const table: Content = {
    margin: [0, 12, 0, 0],
    table: {
      headerRows: 2,
      keepWithHeaderRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ title: column }) => (column === 'WHAT' ? '*' : 'auto')),
      body: [headingRow, head, ...body],
    },
    layout: {
      hLineWidth: (line) => (line === 0 ? 0 : 0.5),
      vLineWidth: () => 0,
      hLineColor: () => RULE,
      paddingLeft: () => 3,
      paddingRight: () => 3,
      paddingTop: () => 2,
      paddingBottom: () => 2,
    },
  };
  return [table, ...comments];
}

function foldedHash(hash: string): string {
  return hash.length <= HALF_A_HASH
    ? hash
    : `${hash.slice(0, HALF_A_HASH)}\n${hash.slice(HALF_A_HASH)}`;
}
