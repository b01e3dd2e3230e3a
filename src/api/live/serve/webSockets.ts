import type { IncomingMessage, Server } from 'node:http';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { type WebSocket, WebSocketServer } from 'ws';
import { inputError } from '../../errors.js';
import { type ApiMetrics, operationNameOf } from '../../http/apiMetrics.js';
import { withoutBase } from '../../http/basePath.js';
import type { Clients } from '../../http/clients/clients.js';
import { turnAway } from '../../http/clients/turnAway.js';
import { notListed } from '../../limits/documents/persistedQueries.js';
import { clientGone, type RequestRun } from '../../limits/turns/requestRun.js';
import type { ApiContext, Exchanged } from '../../request/context.js';
import { running, SocketOperations } from './socketOperations.js';

export interface WebSocketOptions {
  readonly server: Server;
  /** Parses, checks and answers operations, with all of its limits. */
  readonly yoga: YogaServerInstance<Exchanged, ApiContext>;
  readonly path: string;
  /** Below which a proxy serves everything. */
  readonly basePath: string;
  readonly maskError: (error: unknown) => GraphQLError;
  /** Of a message in bytes, as of a request. */
  readonly messageBytesAtMost: number;
  /** Begins to count what an operation takes; `onEnd` is called when it is answered. */
  readonly open: (client: string, onEnd: () => void) => RequestRun;
  /** What each client may. */
  readonly clients: Clients;
  /** Whether a page of the origin may ask: browsers leave that to us. */
  readonly isOriginAllowed: (origin: string) => boolean;
  /** Whether an operation of this text may be asked at all. */
  readonly isServed: (query: string) => boolean;
  readonly metrics: ApiMetrics;
  /** Of all clients together. */
  readonly socketsAtMost: number;
  /** That run at a time on one socket. */
  readonly operationsAtMost: number;
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
  const { server, yoga, maskError, clients, metrics, socketsAtMost, operationsAtMost } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.messageBytesAtMost });
  const engines = new WeakMap<ExecutionArgs, ReturnType<typeof yoga.getEnveloped>>();
  const names = new WeakMap<ExecutionArgs, string>();
  const engineOf = (args: ExecutionArgs) => {
    const engine = engines.get(args);
    if (engine === undefined) throw new RangeError('an operation was not prepared');
    return engine;
  };
  const operations = new SocketOperations();
  /** Of what runs on each socket. */
  const runs = new WeakMap<object, Set<RequestRun>>();
  const clientOf = ({ extra }: { readonly extra: unknown }) =>
    clients.addressOf((extra as Extra).request);
  const protocol = useServer<Record<string, unknown>, Record<PropertyKey, never>>(
    {
      async execute(args) {
        const startedAt = performance.now();
        const result = await engineOf(args).execute(args);
        if (!(Symbol.asyncIterator in result)) {
          const { run } = args.contextValue as unknown as ApiContext;
          const seconds = (performance.now() - startedAt) / 1000;
          metrics.query(names.get(args) ?? 'anonymous', seconds, result);
          return ofLimitedSize(result, run, maskError);
        }
        return result;
      },
      subscribe: (args) => engineOf(args).subscribe(args),
      onConnect: (context) => operations.open(clientOf(context), context),
      onClose(context) {
        operations.close(clientOf(context), context);
        for (const run of runs.get(context) ?? []) run.stop(clientGone());
      },
      async onSubscribe(context, _, { query, variables, operationName }) {
        if (running(context) > operationsAtMost) return [tooManyOperations(operationsAtMost)];
        const params = { query, variables, operationName };
        const { request, socket } = context.extra as Extra;
        const client = clientOf(context);
        if (!options.isServed(query)) return [notListed()];
        if (!clients.mayRun(client, operations.of(client))) return [clients.tooManyAtOnce()];
        if (!(await clients.count(client))) return [tooOften()];
        const tooMuch = await clients.costError(client);
        if (tooMuch !== null) return [tooMuch];
        const ofSocket = runs.get(context) ?? new Set();
        const run = options.open(client, () => ofSocket.delete(run));
        runs.set(context, ofSocket.add(run));
        const engine = yoga.getEnveloped({ req: request, socket, params, run });
        try {
          const document = engine.parse(query);
          const errors = engine.validate(engine.schema, document);
          if (errors.length > 0) return errors.map(maskError);
          const args = {
            schema: engine.schema,
            document,
            operationName,
            variableValues: variables,
            contextValue: await engine.contextFactory(),
          };
          engines.set(args, engine);
          names.set(args, operationNameOf(params));
          return args;
        } catch (error) {
          return [maskError(error)];
        }
      },
      onNext: (_context, _id, _payload, _args, result) => withoutHttp(result),
      onError: (_context, _id, _payload, errors) => errors.map(forClients),
      isProd: true,
    },
    sockets,
  );
  sockets.on('connection', (socket) => {
    // What a client breaks is its own loss, and fills no log; `ws` has closed the socket by then.
    socket.removeAllListeners('error');
    socket.on('error', () => undefined);
    socket.prependListener('message', () => readAtPace(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    // Between now and then the client may go away.
    const ignore = () => undefined;
    socket.on('error', ignore);
    const open = async () => {
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
    };
    open().catch(() => turnAway(socket, '500 Internal Server Error'));
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

function tooManyOperations(most: number): GraphQLError {
  return inputError(
    'TOO_MANY_SUBSCRIPTIONS',
    `${most} operations run on this connection already`,
    'End those that are not needed; one subscription can follow all tokens.',
  );
}

function tooOften(): GraphQLError {
  return inputError('RATE_LIMITED', 'too many requests of this client', 'Ask again in a minute.');
}

function ofLimitedSize(
  result: ExecutionResult,
  run: RequestRun,
  mask: (error: unknown) => GraphQLError,
): ExecutionResult {
  try {
    run.answered(Buffer.byteLength(JSON.stringify(result)));
    return result;
  } catch (error) {
    return { errors: [mask(error)] };
  }
}

function withoutHttp({ errors, ...result }: ExecutionResult) {
  return errors === undefined ? result : { ...result, errors: errors.map(forClients) };
}

/** Over HTTP an error can bring a status and headers, which are not for the client's eyes. */
function forClients(error: GraphQLError) {
  const { extensions, ...shown } = error.toJSON();
  const { http: _, ...rest } = extensions ?? {};
  return { ...shown, extensions: rest };
}
