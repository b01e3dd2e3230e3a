import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import type { YogaServerInstance } from 'graphql-yoga';
import { readBody } from './readBody.js';

export function postHandler(
  yoga: Pick<YogaServerInstance<object, object>, "getResultForParams">,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    if (request.method !== 'POST' || request.url !== '/graphql') return false;
    void handle(yoga, request, response);
    return true;
  };
}

async function handle(
  yoga: Pick<YogaServerInstance<object, object>, "getResultForParams">,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await readBody(request, 200_000);
  const params = JSON.parse(body.toString('utf8'));
  const result = (await yoga.getResultForParams(
    { params, request: {} as Request },
    {} as never,
  )) as ExecutionResult;
  const text = JSON.stringify(result);
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
