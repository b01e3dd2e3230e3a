import type { ExportPlan } from './plan.js';

/** Characters that no JSON text contains: COPY then quotes nothing. */
const NEVER_IN_JSON = String.raw`FORMAT csv, QUOTE E'\x01', DELIMITER E'\x02'`;

/**
 * The COPY statement of an export. CSV has a line of names, unless it continues after a row of an
 * interrupted file and is appended to it.
 */
export function copyText({ request, query }: ExportPlan): string {
  if (request.format === 'jsonl') {
    // A cluster keeps the order of rows inside only if they are cut off there, here before the first one.
    return `COPY (SELECT row_to_json(line)::text FROM (${query} OFFSET 0) line) TO STDOUT (${NEVER_IN_JSON})`;
  }
  const header = request.format === 'csv' && request.cursor === null;
  return `COPY (${query}) TO STDOUT (FORMAT csv, HEADER ${header})`;
}
