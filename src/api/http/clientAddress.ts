import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import { ImoError } from '../../errors.js';

/**
 * Who asks. `X-Forwarded-For` is believed from the trusted proxies only: anybody can write it.
 *
 * @param trustedProxies addresses, networks (`10.0.0.0/8`) or `loopback`
 * @throws ImoError `TRUSTED_PROXY_INVALID`
 */
export function clientAddresses(
  trustedProxies: readonly string[],
): (request: IncomingMessage) => string {
  let isTrusted: (address: string, index: number) => boolean;
  try {
    isTrusted = proxyAddr.compile([...trustedProxies]);
  } catch (cause) {
    throw new ImoError(
      'TRUSTED_PROXY_INVALID',
      `api.trustedProxies: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Write addresses or networks, e.g. trustedProxies: ["10.0.0.0/8", "loopback"].',
      { cause },
    );
  }
  return (request) => {
    if (request.socket.remoteAddress === undefined) return 'gone';
    return trustedProxies.length === 0
      ? request.socket.remoteAddress
      : proxyAddr(request, isTrusted);
  };
}

/** This machine: `127.0.0.0/8` and `::1`. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

/** IPv6 clients have a whole network to themselves: its first 64 bits name them. */
export function limitedAs(address: string): string {
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  return new URL(`http://[${address.split('%', 1)[0]}]`).hostname.split(':').slice(0, 4).join(':');
}
