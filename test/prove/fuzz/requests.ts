import { HOSTILE_CONNECTIONS } from './connections.js';
import { hostileQuery, hostileText, hostileValue } from './queries.js';
import type { Random } from './random.js';
import { type Outcome, send, type Target, talk } from './target.js';

/** One kind of hostile request. */
export interface HostileRequest {
  readonly name: string;
  /** How often it comes, against the others. */
  readonly weight: number;
  send(target: Target, random: Random): Promise<Outcome>;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const PATHS = [
  '/graphql',
  '/',
  '/ready',
  '/metrics',
  '/health',
  '/v1/holders',
  '/v1/holders/0x00/claimable',
  `/v1/holders/0x${'0'.repeat(40)}/claimable`,
  '/v1/export/receipts',
  '/v1/export/nothing?format=csv&token=x',
  '/v1/openapi.json',
  '/../../etc/passwd',
  '/%00',
  '/%ff%fe',
  `/${'a'.repeat(5_000)}`,
];
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
const TYPES = [
  'application/json',
  'application/graphql',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'application/json; charset=utf-16',
  'x',
  '',
];
const ACCEPTS = [
  'application/json',
  'application/graphql-response+json',
  'text/html',
  'text/event-stream',
  'multipart/mixed',
  'nothing/such',
  '*/*',
];

function postJson(target: Target, body: unknown, headers = {}): Promise<Outcome> {
  const init = {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  };
  return send(target, '/graphql', init);
}

/** Everything that a client can do wrong. Slow and aborted ones are a few: they take time. */
export const HOSTILE_REQUESTS: readonly HostileRequest[] = [
  ...HOSTILE_CONNECTIONS,
  {
    name: 'query',
    weight: 40,
    send: (target, random) => postJson(target, { query: hostileQuery(random) }),
  },
  {
    name: 'variables',
    weight: 15,
    send: (target, random) =>
      postJson(target, {
        query: random.pick([
          'query ($n: Int, $a: String) { receipts(first: $n, after: $a) { nodes { id } } }',
          'query ($a: Address!) { holder(address: $a) { positions { balance } } }',
          'query ($n: BigInt) { claims(filter: { amountWei: { gte: $n } }) { totalCount } }',
        ]),
        variables: random.pick([
          { n: hostileValue(random), a: hostileValue(random) },
          hostileValue(random),
          { n: Array.from({ length: 5_000 }, () => 1) },
          { n: JSON.parse(`${'['.repeat(4_000)}${']'.repeat(4_000)}`) },
        ]),
        operationName: random.pick([undefined, null, hostileText(random)]),
        extensions: random.pick([
          undefined,
          hostileValue(random),
          { persistedQuery: hostileValue(random) },
        ]),
      }),
  },
  {
    name: 'body',
    weight: 10,
    send: (target, random) =>
      send(target, '/graphql', {
        method: 'POST',
        headers: { 'content-type': random.pick(TYPES), accept: random.pick(ACCEPTS) },
        body: random.pick([
          new Uint8Array(random.bytes(random.below(500))),
          JSON.stringify(hostileValue(random)),
          JSON.stringify(
            Array.from({ length: random.below(30) }, () => ({ query: hostileQuery(random) })),
          ),
          '{"query":"\xff\xfe"}',
          `${'['.repeat(random.below(50_000))}`,
          `query=${encodeURIComponent(wellFormed(hostileQuery(random)).slice(0, 2_000))}`,
        ]),
      }),
  },
  {
    name: 'oversized body',
    weight: 2,
    send: (target, random) =>
      send(target, '/graphql', {
        method: 'POST',
        headers: { 'content-type': random.pick(TYPES) },
        body: Buffer.alloc(200_000 + random.below(2_000_000), 0x20),
      }),
  },
  {
    name: 'path',
    weight: 15,
    send: (target, random) => {
      const method = random.pick(METHODS);
      const hasBody = method !== 'GET' && method !== 'HEAD';
      return send(target, random.pick(PATHS), {
        method,
        headers: { accept: random.pick(ACCEPTS), 'x-request-id': encodeURIComponent('a"b{}') },
        ...(hasBody ? { body: JSON.stringify(hostileValue(random)) } : {}),
      });
    },
  },
  {
    name: 'query in the URL',
    weight: 10,
    send: (target, random) => {
      const query = encodeURIComponent(wellFormed(hostileQuery(random)).slice(0, 2_000));
      const variables = encodeURIComponent(wellFormed(hostileText(random)).slice(0, 500));
      return send(target, `/graphql?query=${query}&variables=${variables}`, {
        headers: { accept: random.pick(ACCEPTS) },
      });
    },
  },
  {
    name: 'garbage',
    weight: 6,
    send: (target, random) =>
      talk(
        target,
        [
          random.pick([
            random.bytes(random.below(300)),
            Buffer.from('GET /graphql HTTP/9.9\r\n\r\n'),
            Buffer.from(`GET / HTTP/1.1\r\nHost: x\r\n${'x: y\r\n'.repeat(300)}\r\n`),
            Buffer.from('POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n'),
            Buffer.from(
              'POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n',
            ),
            Buffer.from('GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(50)),
            Buffer.from(
              `${'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3)}\x00\x01garbage\r\n\r\n`,
            ),
          ]),
        ],
        100,
      ),
  },
  {
    name: 'slow client',
    weight: 1,
    send: (target) =>
      talk(
        target,
        [...'POST /graphql HTTP/1.1\r\nHost: x\r\n'].map((letter) => Buffer.from(letter)),
        30,
      ),
  },
  {
    name: 'aborted',
    weight: 3,
    send: (target, random) =>
      send(target, '/graphql', {
        method: 'POST',
        headers: JSON_TYPE,
        body: JSON.stringify({
          query: '{ receipts(first: 1000) { nodes { id path } totalCount } }',
        }),
        signal: AbortSignal.any([abortedAfter(random.below(30))]),
      }),
  },
];

function abortedAfter(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds).unref();
  return controller.signal;
}

/** Half a surrogate pair cannot be in a URL. */
function wellFormed(text: string): string {
  return text.replaceAll(/[\ud800-\udfff]/g, '?');
}
