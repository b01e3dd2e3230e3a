import type { IncomingMessage, ServerResponse } from 'node:http';
import { ImoError } from '../../errors.js';
import { retryAfter } from '../errors.js';
import { etagOf, hasSame } from '../http/messages/conditions.js';
import type { Problem } from '../http/messages/problem.js';
import { sendBody } from '../http/messages/sendBody.js';

/** What an answer is sent with. */
export interface BodyHeaders {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Sends a body with an ETag, or 304 to a client that has the same already. */
export async function sendTagged(
  request: IncomingMessage,
  response: ServerResponse,
  body: string | Buffer,
  { contentType, cacheControl, ...others }: BodyHeaders & Readonly<Record<string, string>>,
): Promise<void> {
  const etag = etagOf(body);
  const headers = { etag, 'cache-control': cacheControl };
  if (hasSame(request, etag)) {
    response.writeHead(304, headers).end();
    return;
  }
  const all = { ...headers, 'content-type': contentType, ...others };
  await sendBody(request, response, 200, all, body);
}

export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  problem: Problem,
): void {
  const body = `${JSON.stringify(problem)}\n`;
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...(problem.status === 405 ? { allow: 'GET, HEAD' } : {}),
    ...retryAfter(problem.status, problem.code),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Answers `OPTIONS`; what browsers ask before a request is answered at the front door. */
export function sendMethods(response: ServerResponse, methods: readonly string[]): void {
  response.writeHead(204, { allow: [...methods, 'OPTIONS'].join(', ') }).end();
}

/** The error of a method that a path does not serve. */
export function notAllowed(method: string | undefined, methods: readonly string[]): ImoError {
  return new ImoError(
    'METHOD_NOT_ALLOWED',
    `${(method ?? '').slice(0, 20)} is not served here`,
    `Use ${methods.join(' or ')}.`,
  );
}
