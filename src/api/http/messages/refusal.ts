import type { ServerResponse } from 'node:http';
import { errorDocs } from '../../../errors.js';
import { inputError } from '../../errors.js';
import { problemOf } from './problem.js';

/** The answer to a client that is not let in. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Errors of exports have a shape of their own. */
const EXPORTS = /^\/v1\/export(\/|$)/;
const REST = /^\/v1(\/|$)/;

/** Refuses a request, in the error format of its path. */
export function refuse(
  { response, path }: { readonly response: ServerResponse; readonly path: string },
  status: number,
  refusal: Refusal,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const { type, body } = refusalBody(path, status, refusal);
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': `${type}; charset=utf-8`,
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
      ...headers,
    })
    .end(text);
}

/** What a refusal looks like at a path. */
export function refusalBody(path: string, status: number, { code, message, hint }: Refusal) {
  if (EXPORTS.test(path)) {
    return {
      type: 'application/json',
      body: { error: { code, message, hint, docs: errorDocs(code) } },
    };
  }
  if (REST.test(path)) {
    const problem = problemOf(inputError(code, message, hint), status);
    return { type: 'application/problem+json', body: problem };
  }
  return {
    type: 'application/json',
    body: { errors: [{ message, extensions: { code, hint, docs: errorDocs(code) } }] },
  };
}
