import type { IncomingMessage } from 'node:http';
import { isIP, isIPv6 } from 'node:net';
import proxyAddr from 'proxy-addr';
import { ImoError } from '../../../errors.js';

/** The name of a client on this machine that nobody forwards: it has no limits. */
export const LOCAL = 'local';

/** Headers with which proxies say that they forward somebody else. */
const FORWARDING = [
  'x-forwarded-for',
  'forwarded',
  'x-real-ip',
  'x-forwarded-host',
  'via',
] as const;

/**
 * Who asks: an address, or `LOCAL`. `X-Forwarded-For` is believed from the trusted proxies only: anybody
 * can write it. A program on this machine is `LOCAL` only if no proxy is named and no header says that
 * somebody is forwarded: behind a proxy on this machine everybody comes from loopback.
 *
 * @param trustedProxies addresses, networks (`10.0.0.0/8`) or `loopback`
 * @param onUnnamedProxy is called for requests that somebody forwards who is not named
 * @throws ImoError `TRUSTED_PROXY_INVALID`
 */
export function clientAddresses(
  trustedProxies: readonly string[],
  onUnnamedProxy: (header: string, address: string) => void = () => undefined,
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
    const { remoteAddress } = request.socket;
    if (remoteAddress === undefined) return 'gone';
    if (trustedProxies.length > 0) {
      const address = proxyAddr(request, isTrusted);
      return address === LOCAL ? 'unknown' : address;
    }
    const header = FORWARDING.find((name) => request.headers[name] !== undefined);
    if (header !== undefined) onUnnamedProxy(header, remoteAddress);
    return header === undefined && isLoopback(remoteAddress) ? LOCAL : remoteAddress;
  };
}

/** This machine: `127.0.0.0/8` and `::1`. */
function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) !== 0 && /^(::ffff:)?127\./.test(address));
}

/** Some proxies write the port of their client as well: `203.0.113.7:4711`, `[2001:db8::1]:4711`. */
const WITH_PORT = /^(?:\[(?<six>[\da-f:.]+)\]|(?<four>[\d.]+))(?::\d{1,5})?$/i;
/** Characters that distinguish texts that are not addresses. */
const UNKNOWN_CHARACTERS = 64;

/** IPv6 clients have a whole network to themselves: its first 64 bits name them. */
export function limitedAs(given: string): string {
  const { six, four } = WITH_PORT.exec(given)?.groups ?? {};
  const address = six ?? four ?? given;
  if (!isIPv6(address)) return address.slice(0, UNKNOWN_CHARACTERS);
  if (address.startsWith('::ffff:')) return address;
  // `::` stands for as many groups of zeros as are missing: they count as well.
  const [start = [], end = []] = canonical(address)
    .split('::')
    .map((part) => (part === '' ? [] : part.split(':')));
  const zeros = Array<string>(8 - start.length - end.length).fill('0');
  return [...start, ...zeros, ...end].slice(0, 4).join(':');
}

/** In the one way in which a URL writes it, without its zone. */
function canonical(address: string): string {
  return new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
}
