import type { IncomingMessage, ServerResponse } from 'node:http';

/** The page of GraphiQL has a policy of its own. */
const NOTHING_LOADED = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

/** What browsers may do with our answers: nothing but read them. */
export function setSecurityHeaders(response: ServerResponse): void {
  response.setHeader('content-security-policy', NOTHING_LOADED);
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('x-frame-options', 'DENY');
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  // Public figures: pages of the allowed origins may read them.
  response.setHeader('cross-origin-resource-policy', 'cross-origin');
}

/** Whether pages of an origin may ask. */
export function isOriginAllowed(origin: string, origins: readonly string[]): boolean {
  return origins.includes('*') || origins.includes(origin);
}

const METHODS = 'GET, HEAD, POST, OPTIONS';
/** There are no cookies, so all of them may be read. */
const EXPOSED = '*';
const PREFLIGHT_SECONDS = '86400';

/**
 * Lets pages of the allowed origins ask, without cookies.
 *
 * @returns whether it was a preflight request, which is answered now.
 */
export function answerCors(
  request: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): boolean {
  const { origin } = request.headers;
  const isAll = origins.includes('*');
  if (!isAll) response.setHeader('vary', 'Origin');
  if (origin !== undefined && isOriginAllowed(origin, origins)) {
    response.setHeader('access-control-allow-origin', isAll ? '*' : origin);
    response.setHeader('access-control-expose-headers', EXPOSED);
  }
  if (
    request.method !== 'OPTIONS' ||
    request.headers['access-control-request-method'] === undefined
  )
    return false;
  const asked = request.headers['access-control-request-headers'];
  response
    .writeHead(204, {
      'access-control-allow-methods': METHODS,
      ...(asked === undefined ? {} : { 'access-control-allow-headers': asked }),
      'access-control-max-age': PREFLIGHT_SECONDS,
    })
    .end();
  return true;
}
