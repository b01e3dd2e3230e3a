import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ImoError } from '../../errors.js';

/** Slow clients: so long for the head of a request, and for all of it. */
const HEADERS_WITHIN_MS = 10_000;
const REQUEST_WITHIN_MS = 30_000;
/** How often both are looked at. */
const LOOK_EVERY_MS = 2_000;
/** Longer than load balancers keep theirs, so that it is not us who close first. */
const KEEP_ALIVE_MS = 65_000;
/** Without a byte either way: a client that does not read its answer. */
const IDLE_AT_MOST_MS = 90_000;
const HEADERS_AT_MOST = 100;
/** Running requests may take so long when the server closes. */
const CLOSE_WITHIN_MS = 5_000;

/** An HTTP server that knows which requests it is answering. */
export class HttpServer {
  private readonly server: Server;
  private readonly running = new Set<Promise<void>>();
  private isClosing = false;

  /** @param answer resolves when all work for the request is done; must not reject */
  constructor(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>) {
    this.server = createServer(
      {
        headersTimeout: HEADERS_WITHIN_MS,
        requestTimeout: REQUEST_WITHIN_MS,
        connectionsCheckingInterval: LOOK_EVERY_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
      },
      (request, response) => {
        if (this.isClosing) response.setHeader('connection', 'close');
        const work = answer(request, response).finally(() => this.running.delete(work));
        this.running.add(work);
      },
    );
    this.server.maxHeadersCount = HEADERS_AT_MOST;
    this.server.setTimeout(IDLE_AT_MOST_MS);
    this.server.on('clientError', answerGarbage);
  }

  /** For those who serve what begins as HTTP and goes on as something else. */
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
        this.server.closeAllConnections();
        resolve();
      }, CLOSE_WITHIN_MS);
    });
    await Promise.race([this.finishRunning(), patienceEnds]);
    // Connections that had a request when the others were closed are idle by now.
    this.server.closeIdleConnections();
    await closed;
    clearTimeout(impatience);
  }

  private async finishRunning(): Promise<void> {
    while (this.running.size > 0) await Promise.all(this.running);
  }
}

/** What is no HTTP, or too slow: told so, without details, and cut off. */
function answerGarbage({ code }: NodeJS.ErrnoException, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = STATUS_OF[code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
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
