import type { IncomingMessage } from 'node:http';

/** RFC 9110, `If-None-Match`: a list of tags, weak or not, or `*`. */
export function hasSame({ headers }: IncomingMessage, etag: string): boolean {
  return (headers['if-none-match'] ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag);
}

/** RFC 9110, `Accept-Encoding`. */
export function acceptsGzip({ headers }: IncomingMessage): boolean {
  const accepted = String(headers['accept-encoding'] ?? '').toLowerCase();
  return accepted
    .split(',')
    .some((coding) => /^gzip(;q=(?!0(\.0*)?$).*)?$/.test(coding.replaceAll(' ', '')));
}
