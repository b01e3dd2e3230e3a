import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLSchema,
  parse,
  type Source,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import { LRUCache } from 'lru-cache';
import { isCompilable } from './compilable.js';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Results for a query's text, computed once for all clients that send it. */
interface PreparedQuery {
  readonly document: DocumentNode;
  readonly text: string;
  /** `null`: not validated yet. */
  errors: readonly GraphQLError[] | null;
  /** How often it was executed. */
  uses: number;
  /** By name of the operation, once it was worth it. */
  readonly compiled: Map<string, Execute>;
}

/** Characters of all texts together: a parsed query takes some 50 times the memory of its text. */
const TEXTS_AT_MOST = 1_000_000;
/** Compiling takes as long as some ten executions, and its code some memory. */
const COMPILED_AFTER_USES = 5;
const COMPILED_AT_MOST = 500;

/**
 * Keeps queries parsed and validated, and those that come again and again compiled to a function
 * each. Limited by size, not number: clients choose the texts.
 */
export class PreparedQueries {
  private readonly queries = new LRUCache<string, PreparedQuery>({
    maxSize: TEXTS_AT_MOST,
    sizeCalculation: ({ text }) => text.length + 100,
  });
  private readonly byDocument = new WeakMap<DocumentNode, PreparedQuery>();
  /** Whose compiled functions are kept; those that were not used for longest go. */
  private readonly compiled = new LRUCache<PreparedQuery, true>({
    max: COMPILED_AT_MOST,
    dispose: (_, query) => query.compiled.clear(),
  });

  constructor(private readonly tokensAtMost: number) {}

  /** @throws GraphQLError for a text that is not GraphQL, or too long. */
  parse(source: string | Source): DocumentNode {
    const text = typeof source === 'string' ? source : source.body;
    let query = this.queries.get(text);
    if (query === undefined) {
      const document = parse(source, { maxTokens: this.tokensAtMost });
      query = { document, text, errors: null, uses: 0, compiled: new Map() };
      this.queries.set(text, query);
      this.byDocument.set(document, query);
    }
    return query.document;
  }

  /** Whether a text was read before and is valid: then it takes next to nothing. */
  isKnown(text: unknown): boolean {
    const query = typeof text === 'string' ? this.queries.peek(text) : undefined;
    return query?.errors?.length === 0;
  }

  /** A document that was read before and is valid; `null`: it is to be read. */
  validDocument(text: string): DocumentNode | null {
    const query = this.queries.get(text);
    return query?.errors?.length === 0 ? query.document : null;
  }

  /** The errors of a document, from before if it was validated. */
  validate(
    document: DocumentNode,
    validate: () => readonly GraphQLError[],
  ): readonly GraphQLError[] {
    const query = this.byDocument.get(document);
    if (query === undefined) return validate();
    query.errors ??= validate();
    return query.errors;
  }

  /** How to execute a document: a function made for it, or in general. */
  executorOf({ schema, document, operationName }: ExecutionArgs): Execute {
    const query = this.byDocument.get(document);
    if (query === undefined) return execute;
    query.uses++;
    if (query.uses < COMPILED_AFTER_USES) return execute;
    this.compiled.set(query, true);
    const name = operationName ?? '';
    let compiled = query.compiled.get(name);
    if (compiled === undefined) {
      compiled = compile(schema, document, name);
      query.compiled.set(name, compiled);
    }
    return compiled;
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode, operationName: string): Execute {
  if (!isCompilable(schema, document, operationName)) return execute;
  // Its own serializer does not know bigint.
  const compiled = compileQuery(schema, document, operationName || undefined, {
    customJSONSerializer: false,
  });
  if (!isCompiledQuery(compiled)) return execute;
  return async (args) => {
    const { rootValue, contextValue, variableValues } = args;
    const result = await compiled.query(rootValue, contextValue, variableValues ?? {});
    // Nothing was executed: the variables are wrong, and the reference says best how.
    return result.data === undefined ? execute(args) : result;
  };
}
