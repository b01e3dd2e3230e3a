import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Another body has another one. */
export function etagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url')}"`;
}

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

/** The bytes of a request, both ends included; `last` is `null` up to the end. */
export interface ByteRange {
  readonly first: number;
  readonly last: number | null;
}

/** RFC 9110, `Range`: one range of bytes from a first one on. Others may be ignored, and are. */
export function byteRange({ method, headers }: IncomingMessage): ByteRange | null {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(headers.range ?? '') ?? [];
  if (method !== 'GET' || first === undefined) return null;
  const range = { first: Number(first), last: last === undefined ? null : Number(last) };
  return range.last !== null && range.last < range.first ? null : range;
}
