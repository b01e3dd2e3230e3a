/** What a statement can be written as. */
export const STATEMENT_FORMATS = ['text', 'csv', 'json', 'pdf'] as const;

export type StatementFormat = (typeof STATEMENT_FORMATS)[number];

/** What tells programs and people which format a file has. */
export const STATEMENT_FILES: Readonly<
  Record<StatementFormat, { readonly contentType: string; readonly ending: string }>
> = {
  text: { contentType: 'text/plain; charset=utf-8', ending: 'txt' },
  csv: { contentType: 'text/csv; charset=utf-8', ending: 'csv' },
  json: { contentType: 'application/json; charset=utf-8', ending: 'json' },
  pdf: { contentType: 'application/pdf', ending: 'pdf' },
};
