import { sendNodeResponse } from '@whatwg-node/server';
import type { ExecutionResult, GraphQLError, GraphQLSchema } from 'graphql';
import { createYoga, type GraphQLParams, type YogaServerInstance } from 'graphql-yoga';
import type { ApiParts } from './apiParts.js';
import { inputError } from './errors.js';
import { measureAnswers } from './http/apiMetrics.js';
import type { Exchange } from './http/messages/exchange.js';
import { sendBody } from './http/messages/sendBody.js';
import { persistedQueries } from './limits/documents/persistedQueries.js';
import type { RequestRun } from './limits/turns/requestRun.js';
import { answerEachEvent } from './live/serve/perEvent.js';
import { limitQueries, noteWishes, refuseBadRequests } from './plugins.js';
import { type ApiContext, createContext, type Exchanged } from './request/context.js';
import { DirectAnswers } from './request/directAnswers.js';
import { QueryAnswers } from './request/queryAnswers.js';
import { buildApiSchema } from './schema.js';

export const ENDPOINT = '/graphql';

export type Api = YogaServerInstance<Exchanged, ApiContext>;

/** How operations are answered. */
export interface Answering {
  /** With all plugins. */
  readonly yoga: Api;
  /** `null`: only listed queries are answered, which a plugin knows. */
  readonly direct: DirectAnswers | null;
}

export function createAnswering(parts: ApiParts): Answering {
  const { servers, serving, metrics, mask, prepared } = parts;
  const schema = buildApiSchema();
  const { limits } = serving;
  const answers = new QueryAnswers({ schema, limits, prepared, servers, mask });
  const { only } = serving.persistedQueries;
  return {
    yoga: createApi(parts, schema, answers),
    direct: only ? null : new DirectAnswers({ schema, answers, prepared, servers, metrics, mask }),
  };
}

function createApi(parts: ApiParts, schema: GraphQLSchema, answers: QueryAnswers): Api {
  const { services, servers, serving, listed, metrics, mask, clients, prepared } = parts;
  const { limits } = serving;
  return createYoga<Exchanged, ApiContext>({
    schema,
    context: ({ run }) => createContext(servers.servicesOf(run), run),
    graphqlEndpoint: ENDPOINT,
    landingPage: false,
    // The page of graphql-yoga loads its scripts from the internet: ours does not.
    graphiql: false,
    // The front door sets these headers for all paths.
    cors: false,
    multipart: false,
    // Our own path for POST has it, and counts what is in it.
    batching: false,
    maxRequestBodySize: limits.requestBytes,
    // Ours is limited by size, not by number.
    parserAndValidationCache: false,
    maskedErrors: { maskError: mask },
    // Errors are logged where they are masked, expected ones not at all.
    logging: false,
    plugins: [
      refuseBadRequests(),
      measureAnswers(metrics),
      persistedQueries(listed, serving.persistedQueries),
      noteWishes(servers),
      limitQueries(answers, limits, mask, prepared),
      answerEachEvent(services, mask, (client) => clients.enterSubscription(client)),
    ],
  });
}

/** Whatever is not answered by our own path. By itself yoga tells clients the stack of errors. */
export async function answerByYoga(
  yoga: Api,
  exchange: Exchange,
  run: RequestRun,
  mask: (error: unknown) => GraphQLError,
): Promise<void> {
  const { request, response } = exchange;
  const over = new AbortController();
  // It also comes once the answer is sent, even if the answer is not a stream.
  response.once('close', () => over.abort());
  if (response.destroyed) return;
  const exchanged = { over: over.signal, run };
  const answer = await yoga.handleNodeRequestAndResponse(request, response, exchanged);
  if (run.cost !== null) response.setHeader('x-cost', String(run.cost.points));
  const type = answer.headers.get('content-type') ?? '';
  if (type.includes('json')) {
    const { status, headers } = answer;
    return sendWhole(exchange, { status, headers, body: await answer.text() }, run, mask);
  }
  // nginx would keep the events for itself until there are some kilobytes of them.
  if (type.includes('event-stream')) response.setHeader('x-accel-buffering', 'no');
  await sendNodeResponse(answer, response, request, true);
}

/** The answer of a query, or the error of one that is too large. */
async function sendWhole(
  { request, response }: Exchange,
  { status, headers, ...answer }: { status: number; headers: Headers; body: string },
  run: RequestRun,
  mask: (error: unknown) => GraphQLError,
): Promise<void> {
  let { body } = answer;
  try {
    run.answered(Buffer.byteLength(body));
  } catch (error) {
    body = JSON.stringify({ errors: [mask(error)] });
  }
  await sendBody(request, response, status, Object.fromEntries(headers), body);
}

/** One operation; plugins need no request. */
export async function answerOne(
  { yoga, direct }: Answering,
  params: GraphQLParams,
  run: RequestRun,
): Promise<ExecutionResult> {
  const request = NO_REQUEST;
  const answer = direct?.answer(params, run) ?? null;
  if (answer !== null) return answer;
  const result = await yoga.getResultForParams({ params, request }, { run } as never);
  if (result === undefined || Symbol.asyncIterator in result) {
    // Nobody will take its events: it would be open for ever.
    await result?.[Symbol.asyncIterator]().return?.();
    throw notInParts();
  }
  return result as ExecutionResult;
}

const NO_REQUEST = new Request('http://localhost/graphql', { method: 'POST' });

function notInParts(): GraphQLError {
  return inputError(
    'NOT_ACCEPTABLE',
    'the answer is a stream',
    'To subscribe, send the header "Accept: text/event-stream".',
  );
}
