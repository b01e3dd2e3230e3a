import { execute, type GraphQLError, parse } from 'graphql';
import type pg from 'pg';
import { type Logger, pino } from 'pino';
import { expect } from 'vitest';
import { postJson } from '../../devnet/postJson.js';
import { createContext, createServices } from '../../src/api/request/context.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { type ApiOptions, type RunningApi, startApi } from '../../src/api/server.js';
import { expectLinked } from '../support/errorLinks.js';

/** An answer of the server; tests say with their assertions what they expect in it. */
export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: the shape follows the query of each test
  readonly data?: any;
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly hint?: string; readonly docs?: string };
  }[];
}

/** A server on a free port. */
export function startTestApi(
  databaseUrl: string,
  options: Partial<ApiOptions> = {},
): Promise<RunningApi> {
  const operators = { host: '127.0.0.1', port: 0 };
  return startApi({ databaseUrl, port: 0, operators, ...options });
}

/** A page for operators: `/metrics`, or `/ready` in detail. */
export function operatorsPage(api: RunningApi, path: string): Promise<Response> {
  return fetch(`${api.operatorsUrl}${path}`);
}

/** A logger that keeps its lines. */
export function loggerInto(lines: string[]): Logger {
  return pino({ level: 'debug' }, { write: (line: string) => lines.push(line) });
}

export async function ask(
  { url }: Pick<RunningApi, 'url'>,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const answer = (await postJson(url, { query, variables })) as Answer;
  for (const { extensions } of answer.errors ?? []) expectLinked(extensions);
  return answer;
}

/** The data of an answer without errors. */
export async function askData(
  api: Pick<RunningApi, 'url'>,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<NonNullable<Answer['data']>> {
  const { data, errors } = await ask(api, query, variables);
  expect(errors).toBeUndefined();
  return data;
}

/** Code and hint of the only error. */
export async function askError(
  api: RunningApi,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<{ code: string; message: string; hint: string }> {
  const { errors = [] } = await ask(api, query, variables);
  expect(errors).toHaveLength(1);
  const [error] = errors;
  return {
    code: error?.extensions.code ?? '',
    message: error?.message ?? '',
    hint: error?.extensions.hint ?? '',
  };
}

/** Executes a query without a server, and counts the statements that it takes. */
export async function countStatements(
  pool: pg.Pool,
  query: string,
  beforeStatement: (count: number) => Promise<void> = async () => undefined,
): Promise<{ statements: number; data: unknown; errors: readonly GraphQLError[] }> {
  let statements = 0;
  const db = {
    async query<Row extends pg.QueryResultRow>(statement: pg.QueryConfig<unknown[]>) {
      statements++;
      await beforeStatement(statements);
      return pool.query<Row>(statement);
    },
  };
  const { data, errors = [] } = await execute({
    schema: buildApiSchema(),
    document: parse(query),
    contextValue: createContext(createServices(db, [])),
  });
  return { statements, data, errors };
}
