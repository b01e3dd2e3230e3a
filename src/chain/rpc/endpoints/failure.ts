import { RpcConnectionError } from '@subsquid/rpc-client';
import { z } from 'zod';
import { HttpStatusError, HttpTimeoutError } from '../connection/httpConnection.js';
import type { RefusalError } from './refusal.js';

const LONGEST_RETRY_AFTER_MS = 120_000;

/**
 * Milliseconds that a refused request asks us to wait (`Retry-After`, in seconds or as a
 * date); `null` if it says nothing.
 */
export function retryAfterMs(error: unknown, now: number): number | null {
  if (!(error instanceof HttpStatusError)) return null;
  const text = error.response.headers.get('retry-after');
  if (text === null || text.trim() === '') return null;
  const milliseconds = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (!Number.isFinite(milliseconds)) return null;
  return Math.min(Math.max(milliseconds, 0), LONGEST_RETRY_AFTER_MS);
}

const STATUS_TOO_LARGE = 413;
const STATUS_GATEWAY_TIMEOUT = 504;
/** Statuses of refusals that speak of the client or of its pace, whatever the body says. */
const OTHER_REFUSALS = new Set([401, 403, 404, 408, 429]);
const rpcRefusal = z.object({ error: z.object({ code: z.number(), message: z.string() }) });

/**
 * The refusal of a question inside a failed HTTP answer: some providers send JSON-RPC errors with
 * status 400, or answer a question that is too large with 413. `null` if there is none.
 */
export function refusalIn(error: unknown): RefusalError | null {
  if (!(error instanceof HttpStatusError)) return null;
  const { status, body } = error.response;
  if (status === STATUS_TOO_LARGE) return { code: -status, message: 'the response is too large' };
  if (status < 400 || status >= 500 || OTHER_REFUSALS.has(status)) return null;
  const [first]: unknown[] = Array.isArray(body) ? body : [body];
  const parsed = rpcRefusal.safeParse(first);
  return parsed.success ? parsed.data.error : null;
}

/** The request took longer than we or a gateway waited. */
export function isOverlong(error: unknown): boolean {
  if (error instanceof HttpStatusError) return error.response.status === STATUS_GATEWAY_TIMEOUT;
  return error instanceof HttpTimeoutError;
}

/**
 * The error for the client when no endpoint answered. Broken connections, overloaded servers
 * and answers that were cut short are worth another try; a refusal (401, 404) is not.
 */
export function asConnectionError(error: unknown): unknown {
  if (error instanceof HttpStatusError) {
    const { status } = error.response;
    const isPassing = status === 408 || status === 429 || status >= 500;
    return isPassing ? new RpcConnectionError(`it answered HTTP ${status}`) : error;
  }
  if (!(error instanceof Error)) return error;
  // RpcProtocolError: the answer is not JSON, or belongs to another request.
  const isPassing = error.name === 'RpcProtocolError' || error instanceof HttpTimeoutError;
  return isPassing ? new RpcConnectionError(error.message) : error;
}
