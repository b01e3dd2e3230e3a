import type { IncomingMessage } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { GraphqlPostOptions } from './graphqlPost.js';
import { sendResult } from './graphqlPost.js';
import type { Exchange, Handler } from './messages/exchange.js';

export interface GraphqlGetOptions
  extends Pick<GraphqlPostOptions, 'path' | 'answer' | 'open' | 'mask'> {
  /** How long caches may keep an answer as of a final block. */
  readonly finalSeconds: number;
}

/** Answers in parts, and pages, are for others. */
const OTHERS = /text\/event-stream|multipart\/|text\/html/i;
const HASH = /^[0-9a-f]{64}$/;

/**
 * Answers persisted queries by GET, as caches can keep them: with an ETag, and an answer as of a final
 * block for as long as it is valid. Caches ask again before they use any other. Anything else (queries
 * with their text, mistakes, streams) is left to others.
 */
export function graphqlGet(options: GraphqlGetOptions): Handler {
  return (exchange) => {
    const { request, path } = exchange;
    if (path !== options.path || (request.method !== 'GET' && request.method !== 'HEAD')) {
      return false;
    }
    if (OTHERS.test(request.headers.accept ?? '')) return false;
    const params = paramsOf(request);
    return params === null ? false : answerGet(exchange, params, options);
  };
}

/** `null`: it does not name a persisted query, or is mistaken. */
function paramsOf({ url = '' }: IncomingMessage): GraphQLParams | null {
  const at = url.indexOf('?');
  const search = new URLSearchParams(at === -1 ? '' : url.slice(at));
  const names = [...search.keys()];
  if (new Set(names).size !== names.length || !search.has('extensions')) return null;
  try {
    const objectOf = (name: string) => JSON.parse(search.get(name) || '{}');
    const extensions = objectOf('extensions');
    if (!HASH.test(String(extensions?.persistedQuery?.sha256Hash))) return null;
    const variables = objectOf('variables');
    if (typeof variables !== 'object') return null;
    const [query, operationName] = [search.get('query'), search.get('operationName')];
    return {
      extensions,
      variables,
      ...(query === null ? {} : { query }),
      ...(operationName === null ? {} : { operationName }),
    };
  } catch {
    return null;
  }
}

async function answerGet(
  exchange: Exchange,
  params: GraphQLParams,
  options: GraphqlGetOptions,
): Promise<void> {
  let result: ExecutionResult;
  const run = options.open(exchange);
  try {
    result = await options.answer(exchange, params, run);
  } catch (error) {
    result = { errors: [options.mask(error)] };
  }
  const isRight = result.errors === undefined;
  const cacheControl = run.isFinal
    ? `public, max-age=${options.finalSeconds}, immutable`
    : 'public, no-cache';
  // The type of the answer follows from what the client accepts.
  exchange.response.appendHeader('vary', 'Accept');
  await sendResult(exchange, result, options.mask, isRight ? cacheControl : 'no-store');
}
