import {
  type DocumentNode,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { type ApiMetrics, operationNameOf } from '../http/apiMetrics.js';
import type { PreparedQueries } from '../limits/documents/preparedQueries.js';
import type { RequestRun } from '../limits/turns/requestRun.js';
import { createContext } from './context.js';
import type { QueryAnswers } from './queryAnswers.js';
import type { ReadServers } from './readServers.js';

export interface DirectAnswersOptions {
  readonly schema: GraphQLSchema;
  readonly answers: QueryAnswers;
  readonly prepared: PreparedQueries;
  readonly servers: ReadServers;
  readonly metrics: ApiMetrics;
  readonly mask: (error: unknown) => GraphQLError;
}

/** The parts of an operation that are read here. */
const PARTS = new Set(['query', 'variables', 'operationName', 'extensions']);
/** What plugins read of its extensions; they ignore all others. */
const READ_BY_PLUGINS = ['persistedQuery', 'cost', 'minBlock'];

/**
 * Answers queries that are known to be valid, without the plugins that read new ones. Whatever is not as most clients
 * send it is left to them.
 */
export class DirectAnswers {
  constructor(private readonly options: DirectAnswersOptions) {}

  /** `null`: the plugins are to read it. */
  answer(params: GraphQLParams, run: RequestRun): Promise<ExecutionResult> | null {
    const { query, operationName } = params;
    if (typeof query !== 'string' || !hasPlainParts(params)) return null;
    const document = this.options.prepared.validDocument(query);
    if (document === null) return null;
    const operation = getOperationAST(document, operationName ?? undefined);
    if (operation?.operation !== 'query') return null;
    return this.execute(document, params, run);
  }

  private async execute(
    document: DocumentNode,
    params: GraphQLParams,
    run: RequestRun,
  ): Promise<ExecutionResult> {
    const { schema, answers, servers, metrics } = this.options;
    const beganAt = performance.now();
    const result = this.masked(
      await answers
        .answer({
          schema,
          document,
          contextValue: createContext(servers.servicesOf(run), run),
          variableValues: params.variables,
          operationName: params.operationName,
        })
        .catch((error: unknown) => ({ errors: [error] })),
    );
    metrics.query(operationNameOf(params), (performance.now() - beganAt) / 1000, result);
    return result;
  }

  private masked(result: { readonly errors?: readonly unknown[] | undefined }): ExecutionResult {
    if (result.errors === undefined) return result as ExecutionResult;
    return { ...result, errors: result.errors.map(this.options.mask) };
  }
}

function hasPlainParts(params: GraphQLParams): boolean {
  const { variables, operationName, extensions } = params;
  for (const [name, value] of Object.entries(params)) {
    if (value != null && !PARTS.has(name)) return false;
  }
  return (
    (operationName == null || typeof operationName === 'string') &&
    isObjectOrAbsent(variables) &&
    isObjectOrAbsent(extensions) &&
    !READ_BY_PLUGINS.some((name) => extensions?.[name] !== undefined)
  );
}

function isObjectOrAbsent(value: unknown): boolean {
  return value == null || (typeof value === 'object' && !Array.isArray(value));
}
