import { WebSocket } from 'ws';
import { hostileQuery, hostileText, hostileValue } from './queries.js';
import type { Random } from './random.js';
import type { HostileRequest } from './requests.js';
import { type Outcome, type Target, talk } from './target.js';

const HOSTS = ['[', 'a b', '%', 'x:99999', ':::', '\x80', 'a/b', 'x?y', 'x#y', '\\', '', 'x'];
const SUBSCRIPTIONS = [
  'subscription { status { chainId } }',
  'subscription { receipts { asOf { block } added { id } } }',
  `subscription { holder(address: "0x${'0'.repeat(40)}") { positions { balance } } }`,
];
const ANSWER_WITHIN_MS = 10_000;
const LISTENS_MS = 100;

/** What is wrong about connections, not about requests. */
export const HOSTILE_CONNECTIONS: readonly HostileRequest[] = [
  {
    name: 'host',
    weight: 3,
    send: (target, random) =>
      talk(
        target,
        [
          Buffer.from(
            `GET /graphql?query={__typename} HTTP/1.1\r\nHost: ${random.pick(HOSTS)}\r\n` +
              'Connection: close\r\n\r\n',
            'latin1',
          ),
        ],
        200,
      ),
  },
  {
    name: 'leaves at once',
    weight: 3,
    send: (target, random) => {
      const query = encodeURIComponent(random.pick(SUBSCRIPTIONS));
      const head = `GET /graphql?query=${query} HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\r\n`;
      return talk(target, [Buffer.from(head)], 1 + random.below(20));
    },
  },
  {
    name: 'slow body',
    weight: 1,
    send: (target) =>
      talk(
        target,
        [
          'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n',
          ...'{"query":"{__typename}"',
        ].map((piece) => Buffer.from(piece)),
        30,
      ),
  },
  { name: 'socket', weight: 4, send: overSocket },
];

/** Says something to a WebSocket that may be its protocol, and leaves, hearing the answer or not. */
function overSocket({ url }: Target, random: Random): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws');
    let body = '';
    const timer = setTimeout(() => {
      socket.terminate();
      reject(new Error('a socket is silent'));
    }, ANSWER_WITHIN_MS);
    const leave = () => {
      clearTimeout(timer);
      socket.terminate();
      resolve({ status: null, body });
    };
    socket.on('error', leave);
    socket.on('close', leave);
    socket.on('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: hostileValue(random) }));
      for (const message of messages(random)) socket.send(message);
    });
    socket.on('message', (message) => {
      body += String(message);
      setTimeout(leave, random.below(LISTENS_MS));
    });
  });
}

function messages(random: Random): string[] {
  const query = random.pick([hostileQuery(random), random.pick(SUBSCRIPTIONS)]);
  const payload = random.next() < 0.7 ? { query } : hostileValue(random);
  const all = [
    { id: 'a', type: 'subscribe', payload },
    { id: 'a', type: 'complete' },
    { type: 'ping', payload: hostileText(random) },
    hostileValue(random),
  ];
  return all.filter(() => random.next() < 0.6).map((message) => JSON.stringify(message));
}
