import { RpcConnectionError } from '@subsquid/rpc-client';

const LONGEST_RETRY_AFTER_MS = 120_000;

interface HttpFailure {
  readonly response: {
    readonly status: number;
    readonly headers: { get(name: string): string | null };
  };
}

/**
 * Milliseconds that a refused request asks us to wait (`Retry-After`, in seconds or as a
 * date); `null` if it says nothing.
 */
export function retryAfterMs(error: unknown, now: number): number | null {
  if (!isHttpFailure(error)) return null;
  const text = error.response.headers.get('retry-after');
  if (text === null || text.trim() === '') return null;
  const milliseconds = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  if (!Number.isFinite(milliseconds)) return null;
  return Math.min(Math.max(milliseconds, 0), LONGEST_RETRY_AFTER_MS);
}

/**
 * What the client is told when no endpoint answered. Broken connections, overloaded servers
 * and answers that were cut short are worth another try; a refusal (401, 404) is not.
 */
export function asConnectionError(error: unknown): unknown {
  if (isHttpFailure(error)) {
    const { status } = error.response;
    const isPassing = status === 408 || status === 429 || status >= 500;
    return isPassing ? new RpcConnectionError(`it answered HTTP ${status}`) : error;
  }
  if (!(error instanceof Error)) return error;
  // RpcProtocolError: the answer is no JSON, or not the one to our question.
  return error.name === 'RpcProtocolError' ? new RpcConnectionError(error.message) : error;
}

function isHttpFailure(error: unknown): error is HttpFailure {
  if (!(error instanceof Error) || !('response' in error)) return false;
  const { response } = error;
  return typeof response === 'object' && response !== null && 'status' in response;
}
