import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ImoError } from '../../errors.js';
import { turnAway } from './clients/turnAway.js';

/** What slow clients are given, in milliseconds. */
export interface ClientPatience {
  /** For the head of a request, and for all of it. */
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often both are checked. */
  readonly lookEveryMs: number;
  /** For taking what is left of an answer once all of it is made. */
  readonly takeMs: number;
  /** Without a byte either way. */
  readonly idleMs: number;
  /** In which the client of an export has to take some of it (`BYTES_IN_PACE`). */
  readonly paceMs: number;
  /** For running requests when the server closes. */
  readonly closeMs: number;
}

export const CLIENT_PATIENCE: ClientPatience = {
  headersMs: 10_000,
  requestMs: 30_000,
  lookEveryMs: 2_000,
  takeMs: 60_000,
  idleMs: 90_000,
  paceMs: 60_000,
  closeMs: 5_000,
};
/** Longer than load balancers keep theirs, so that it is not us who close first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_AT_MOST = 100;

/** An HTTP server that knows which requests it is answering. */
export class HttpServer {
  private readonly server: Server;
  private readonly running = new Set<Promise<void>>();
  private readonly sockets = new Set<Socket>();
  /** On which something of an answer went out that has no end yet. */
  private readonly answering = new Map<Duplex, ServerResponse>();
  private isClosing = false;

  /** @param answer resolves when all work for the request is done; must not reject */
  constructor(
    answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
    private readonly patience: ClientPatience = CLIENT_PATIENCE,
  ) {
    this.server = createServer(
      {
        headersTimeout: patience.headersMs,
        requestTimeout: patience.requestMs,
        connectionsCheckingInterval: patience.lookEveryMs,
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      (request, response) => {
        if (this.isClosing) response.setHeader('connection', 'close');
        this.answering.set(request.socket, response);
        const work = answer(request, response).finally(() => {
          this.running.delete(work);
          breakUnlessTaken(response, patience.takeMs);
        });
        this.running.add(work);
      },
    );
    this.server.maxHeadersCount = HEADERS_AT_MOST;
    this.server.setTimeout(patience.idleMs);
    this.server.on('clientError', (error, socket) => this.answerGarbage(error, socket));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        this.answering.delete(socket);
      });
    });
  }

  /** For protocols that start as HTTP and continue as something else. */
  get node(): Server {
    return this.server;
  }

  /** @throws ImoError `PORT_IN_USE` or `PORT_FORBIDDEN` @returns the port */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', (error: NodeJS.ErrnoException) => reject(listenError(error, port)));
      this.server.listen(port, host, resolve);
    });
    return (this.server.address() as AddressInfo).port;
  }

  /** Takes no new requests, and lets the running ones finish, for some seconds. */
  async close(): Promise<void> {
    this.isClosing = true;
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    this.server.closeIdleConnections();
    let impatience: NodeJS.Timeout | undefined;
    // Who does not read an answer may hold it up for ever.
    const patienceEnds = new Promise<void>((resolve) => {
      impatience = setTimeout(() => {
        for (const socket of this.sockets) socket.destroy();
        resolve();
      }, this.patience.closeMs);
    });
    await Promise.race([this.finishRunning(), patienceEnds]);
    // Connections that had a request when the others were closed are idle by now.
    this.server.closeIdleConnections();
    await closed;
    clearTimeout(impatience);
  }

  /** Rejects malformed or slow requests without details, then closes the socket. */
  private answerGarbage({ code }: NodeJS.ErrnoException, socket: Duplex): void {
    const current = this.answering.get(socket);
    const isInAnswer = current?.headersSent === true && !current.writableFinished;
    // In the middle of an answer, another one would look like a part of it.
    if (code === 'ECONNRESET' || !socket.writable || isInAnswer) socket.destroy();
    else turnAway(socket, STATUS_OF[code ?? ''] ?? '400 Bad Request');
  }

  private async finishRunning(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

/** A client that has the whole answer coming may not let it wait in our memory for ever. */
function breakUnlessTaken(response: ServerResponse, withinMs: number): void {
  if (response.writableFinished || response.destroyed) return;
  const impatience = setTimeout(() => response.destroy(), withinMs);
  impatience.unref();
  response.once('close', () => clearTimeout(impatience));
}

const STATUS_OF: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function listenError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ImoError(
      'PORT_IN_USE',
      `port ${port} is in use by another program`,
      'Stop that program, or choose another port with --port or PORT.',
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new ImoError(
      'PORT_FORBIDDEN',
      `this user may not listen on port ${port}`,
      'Choose a port above 1023 with --port or PORT.',
      { cause: error },
    );
  }
  return error;
}

/** A name under which this machine reaches itself. */
export function hostNameOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
