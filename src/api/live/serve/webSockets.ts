import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { withoutBase } from '../../http/basePath.js';
import { turnAway } from '../../http/clients/turnAway.js';
import { SocketProtocol, type SocketProtocolOptions } from './socketProtocol.js';

/** The server, and what its sockets share. */
export interface WebSocketOptions extends SocketProtocolOptions {
  readonly server: Server;
  readonly path: string;
  /** Below which a proxy serves everything. */
  readonly basePath: string;
  /** Of a message in bytes, as of a request. */
  readonly messageBytesAtMost: number;
  /** Whether a page of the origin may ask: browsers leave that to us. */
  readonly isOriginAllowed: (origin: string) => boolean;
  /** Of all clients together. */
  readonly socketsAtMost: number;
}

/** Sockets that are open until `close()`. */
export interface WebSockets {
  readonly open: number;
  close(): Promise<void>;
}

const CLOSE_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 50;
/** Bytes that may wait for a client that keeps sending: its messages are answered, pings too. */
const UNREAD_BYTES_AT_MOST = 1_000_000;

/** Serves GraphQL over WebSockets, by the protocol of graphql-ws (`graphql-transport-ws`). */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.messageBytesAtMost });
  const protocol = useServer<Record<string, unknown>, Record<PropertyKey, never>>(
    new SocketProtocol(options).handlers(),
    sockets,
  );
  sockets.on('connection', (socket) => {
    // What a client breaks is its own loss, and fills no log; `ws` has closed the socket by then.
    socket.removeAllListeners('error');
    socket.on('error', () => undefined);
    socket.prependListener('message', () => readAtPace(socket));
  });
  options.server.on('upgrade', (request, socket, head) => {
    openSocket({ request, socket, head }, sockets, options).catch(() =>
      turnAway(socket, '500 Internal Server Error'),
    );
  });
  return {
    get open() {
      return sockets.clients.size;
    },
    async close() {
      const impatience = setTimeout(() => {
        for (const client of sockets.clients) client.terminate();
      }, CLOSE_WITHIN_MS);
      await protocol.dispose();
      clearTimeout(impatience);
    },
  };
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** Opens the socket that a request wants, unless its client may not have it. */
async function openSocket(
  { request, socket, head }: Upgrade,
  sockets: WebSocketServer,
  options: WebSocketOptions,
): Promise<void> {
  const { clients, socketsAtMost } = options;
  // Between now and then the client may go away.
  const ignore = () => undefined;
  socket.on('error', ignore);
  const refusal = refusalOf(request, options, sockets.clients.size < socketsAtMost);
  if (refusal !== null) return turnAway(socket, refusal);
  const client = clients.addressOf(request);
  if (!(await clients.count(client))) return turnAway(socket, TOO_MANY);
  const leave = clients.enterSocket(client);
  if (leave === null) return turnAway(socket, TOO_MANY);
  socket.once('close', leave);
  sockets.handleUpgrade(request, socket, head, (opened) => {
    socket.off('error', ignore);
    sockets.emit('connection', forgivingSend(opened), request);
  });
}

const TOO_MANY = '429 Too Many Requests';

function refusalOf(
  { url, headers: { origin } }: IncomingMessage,
  { path, basePath, isOriginAllowed }: WebSocketOptions,
  hasRoom: boolean,
): string | null {
  if (withoutBase(url ?? '/', basePath).split('?', 1)[0] !== path) return '404 Not Found';
  if (origin !== undefined && !isOriginAllowed(origin)) return '403 Forbidden';
  return hasRoom ? null : '503 Service Unavailable';
}

/** What cannot be sent is for a client that has gone. graphql-ws would fill the console with it. */
function forgivingSend(socket: WebSocket): WebSocket {
  const send = socket.send.bind(socket);
  const forgiving = (data: string, sent?: (error?: Error) => void) => send(data, () => sent?.());
  return Object.assign(socket, { send: forgiving });
}

/** Reads no more from a client that does not read what it is answered, until it has. */
function readAtPace(socket: WebSocket): void {
  if (socket.isPaused || socket.bufferedAmount <= UNREAD_BYTES_AT_MOST) return;
  socket.pause();
  const look = setInterval(() => {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount > UNREAD_BYTES_AT_MOST) return;
    clearInterval(look);
    socket.resume();
  }, LOOK_EVERY_MS);
  look.unref();
}
