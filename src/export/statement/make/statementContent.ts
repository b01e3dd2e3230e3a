import { ImoError } from '../../../errors.js';
import type { Statement } from '../read/statement.js';
import type { StatementFormat } from './statementFormats.js';

/**
 * Writes a statement in a format. What one format needs is loaded with it: fonts are large.
 *
 * @throws ImoError `STATEMENT_TOO_LONG` as `writePdf`, or `STATEMENT_NO_PDF` where PDF cannot be written
 */
export async function statementContent(
  statement: Statement,
  format: StatementFormat,
): Promise<string | Buffer> {
  switch (format) {
    case 'text':
      return (await import('../write/writeText.js')).writeText(statement);
    case 'csv':
      return (await import('../write/writeCsv.js')).writeCsv(statement);
    case 'json':
      return (await import('../write/writeJson.js')).writeJson(statement);
    case 'pdf':
      return (await loadPdf()).writePdf(statement);
  }
}

/** pdfmake and its fonts are optional dependencies: only PDF needs them. */
async function loadPdf() {
  try {
    return await import('../write/writePdf.js');
  } catch (cause) {
    throw new ImoError(
      'STATEMENT_NO_PDF',
      'pdfmake, which writes PDF files, is not installed',
      'Run `npm ci` without `--omit=optional`, or choose the format text, csv or json.',
      { cause },
    );
  }
}
