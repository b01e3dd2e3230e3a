import type { IncomingMessage } from 'node:http';

/** A name or an address with or without a port (RFC 3986, `reg-name` without its odd signs). */
const HOST = /^(?:[\w.-]*|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/**
 * Whether a request says as RFC 9112 wants it for which host it is: of anything else no URL can
 * be made, or one of another path than that which was asked for.
 */
export function hasValidHost({ headers: { host = '' }, rawHeaders }: IncomingMessage): boolean {
  // Names and values in turn: Node keeps the first of several lines, a proxy may go by another one.
  const lines = rawHeaders.filter((text, index) => index % 2 === 0 && /^host$/i.test(text));
  return lines.length <= 1 && HOST.test(host) && (host === '' || URL.canParse(`http://${host}`));
}
