import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestRun } from '../../limits/turns/requestRun.js';

/** One request and its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of the URL, without query. */
  readonly path: string;
  /** Sent back as `X-Request-Id`, and written to the log. */
  readonly id: string;
  /** Address of the client, that of a trusted proxy's client included. */
  readonly client: string;
  /** Of its operations, in their order. */
  readonly runs: RequestRun[];
}

/**
 * Answers an exchange if it is for it.
 *
 * @returns whether it was: `true` at once, or the end of the work.
 */
export type Handler = (exchange: Exchange) => boolean | Promise<void>;

/** What a client may call its request itself. */
const REQUEST_ID = /^[\w.:-]{1,100}$/;

export function openExchange(
  request: IncomingMessage,
  response: ServerResponse,
  client: string,
): Exchange {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader('x-request-id', id);
  const url = request.url ?? '/';
  const end = url.indexOf('?');
  return { request, response, client, runs: [], id, path: end === -1 ? url : url.slice(0, end) };
}
