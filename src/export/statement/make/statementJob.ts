import { LAST_BLOCK } from '../../../store/ids.js';
import { parseCurrency } from '../../columns/priced.js';
import { badOption } from '../../exportErrors.js';
import { parseAddresses, parseInteger } from '../../request/request.js';
import { momentOf } from '../read/period.js';
import type { StatementRequest } from '../read/readStatement.js';
import { STATEMENT_FORMATS, type StatementFormat } from './statementFormats.js';

/** A statement that somebody asks for, and how it is to be written. */
export interface StatementJob {
  readonly request: StatementRequest;
  readonly format: StatementFormat;
}

/** The options of a statement as texts, as a URL has them. */
export interface StatementTexts {
  readonly holder: readonly string[];
  readonly token?: readonly string[];
  readonly chain?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly currency?: string | undefined;
  readonly format?: string | undefined;
}

/**
 * Reads the options of a statement.
 *
 * @throws ImoError `EXPORT_BAD_OPTION` or `STATEMENT_BAD_PERIOD`
 */
export function parseStatementJob(texts: StatementTexts): StatementJob {
  const { from, to } = texts;
  return {
    format: formatOf(texts.format),
    request: {
      accounts: parseAddresses('holder', texts.holder),
      tokens: parseAddresses('token', texts.token),
      chainId: parseInteger('chain', texts.chain, LAST_BLOCK),
      from: from === undefined ? null : momentOf(from, 'from'),
      to: to === undefined ? null : momentOf(to, 'to'),
      currency: parseCurrency(texts.currency),
    },
  };
}

function formatOf(text = 'text'): StatementFormat {
  const format = STATEMENT_FORMATS.find((known) => known === text);
  if (format !== undefined) return format;
  throw badOption(`"${text}" is not a format`, `Formats: ${STATEMENT_FORMATS.join(', ')}.`);
}
