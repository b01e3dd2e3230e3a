import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { DATASETS } from '../../export/catalogue.js';
import { EXPORT_FORMATS } from '../../export/request/request.js';
import { STATEMENT_FORMATS } from '../../export/statement/make/statementFormats.js';
import { ACCOUNT_KINDS } from '../../store/read/accounts/accountKinds.js';
import { problemSchema } from '../http/messages/problem.js';
import { holdersParameter } from './fields.js';

const optional = (description: string) => z.string().optional().meta({ description });

const path = z.object({
  dataset: z
    .enum(DATASETS.map(({ name }) => name) as [string, ...string[]])
    .meta({ description: DATASETS.map(({ name, summary }) => `${name}: ${summary}`).join('; ') }),
});

const query = z.object({
  format: z.enum(EXPORT_FORMATS).optional().meta({ description: 'default: csv' }),
  chain: optional('only of this chain (EIP-155 id)'),
  token: optional('only of this token'),
  holder: optional('only of this holder'),
  snapshot: optional('entitlements of this snapshot only'),
  isContract: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'only holders that are contracts, or only others' }),
  kind: z
    .enum(ACCOUNT_KINDS)
    .optional()
    .meta({ description: 'only holders of this kind; may be repeated' }),
  at: optional('as of a block, a date or a time; default: the newest indexed block'),
  from: optional('operations from a block, a date or a time on'),
  to: optional('operations up to a block, a date or a time, included'),
  currency: optional('values at the time of each row in this currency, as USD'),
  cursor: optional('`row_id` of the last whole row of an interrupted download'),
  resume: optional(
    '`X-Imo-Resume` of an earlier download: the same rows again, after `cursor` if there is one',
  ),
});

const binary = z.string().meta({ contentEncoding: 'binary' });

const problem = {
  description: 'An error; programs should use its code.',
  content: { 'application/problem+json': { schema: problemSchema } },
};

const failure = {
  description: 'An error; programs should use its code.',
  content: { 'application/json': { schema: z.looseObject({}) } },
};

const statementQuery = z.object({
  holder: holdersParameter,
  format: z.enum(STATEMENT_FORMATS).optional().meta({ description: 'default: text' }),
  from: optional('the period begins with this block, year, month, date or time'),
  to: optional('the period ends with this block, year, month, date or time, included'),
  token: optional('only this token and its sales; may be repeated'),
  chain: optional('only this chain (EIP-155 id)'),
  currency: optional('what each line was worth at its time in this currency, as USD'),
});

/** The requests of files, in OpenAPI's terms. `parseExportRequest` checks its values. */
export const FILE_PATHS: ZodOpenApiPathsObject = {
  '/v1/export': {
    get: {
      operationId: 'datasets',
      summary: 'What can be exported, with all columns',
      responses: {
        '200': {
          description: 'The datasets.',
          content: {
            'application/json': { schema: z.object({ datasets: z.array(z.looseObject({})) }) },
          },
        },
        '4XX': failure,
        default: failure,
      },
    },
  },
  '/v1/export/{dataset}': {
    get: {
      operationId: 'export',
      summary: 'A dataset as of one block, streamed',
      requestParams: { path, query },
      responses: {
        '200': {
          description: 'The rows; headers `X-Imo-…` tell as of which block.',
          content: {
            'text/csv': { schema: z.string() },
            'application/x-ndjson': { schema: z.string() },
            'application/vnd.apache.parquet': { schema: binary },
          },
        },
        '206': {
          description:
            'The bytes that `Range` asks for, of the export that `If-Range` or `resume` names.',
          content: {
            'text/csv': { schema: z.string() },
            'application/x-ndjson': { schema: z.string() },
          },
        },
        '4XX': failure,
        default: failure,
      },
    },
  },
  '/v1/statement': {
    get: {
      operationId: 'statement',
      summary: 'What one or several accounts had, received and gave in a period, as a file',
      description:
        'The file that `imo-ledger statement` writes. Several accounts are one person. A PDF has at most ' +
        '10,000 lines; a statement needs at most 50,000 rows.',
      requestParams: { query: statementQuery },
      responses: {
        '200': {
          description: 'The statement. It names the block and hash that it ends with.',
          content: {
            'text/plain': { schema: z.string() },
            'text/csv': { schema: z.string() },
            'application/json': { schema: z.looseObject({}) },
            'application/pdf': { schema: binary },
          },
        },
        '4XX': problem,
        default: problem,
      },
    },
  },
};
