import type { Statement } from '../read/statement.js';
import type { StatementFormat } from './statementFormats.js';

/**
 * Writes a statement in a format. What one format needs is loaded with it: fonts are large.
 *
 * @throws ImoError `STATEMENT_TOO_LONG` as `writePdf`
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
      return (await import('../write/writePdf.js')).writePdf(statement);
  }
}
