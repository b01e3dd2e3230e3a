import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { ApiContext } from '../context.js';
import { inputError } from '../errors.js';
import { notListed } from '../limits/persistedQueries.js';

export interface WebSocketOptions {
  readonly server: Server;
  /** Parses, checks and answers operations, with all of its limits. */
  readonly yoga: YogaServerInstance<object, ApiContext>;
  readonly path: string;
  readonly maskError: (error: unknown) => GraphQLError;
  /** Of a message in bytes, as of a request. */
  readonly messageBytesAtMost: number;
  /** Whether the client may open a socket or begin an operation now. */
  readonly admit: (request: IncomingMessage) => Promise<boolean>;
  /** Whether an operation of this text may be asked at all. */
  readonly isServed: (query: string) => boolean;
  /** Default: 500. */
  readonly socketsAtMost?: number;
  /** Operations that run at a time on one socket; default: 50. */
  readonly operationsAtMost?: number;
}

/** Sockets that are open until `close()`. */
export interface WebSockets {
  readonly open: number;
  close(): Promise<void>;
}

const SOCKETS_AT_MOST = 500;
const OPERATIONS_AT_MOST = 50;
const CLOSE_WITHIN_MS = 2_000;

/** Serves GraphQL over WebSockets, by the protocol of graphql-ws (`graphql-transport-ws`). */
export function serveWebSockets(options: WebSocketOptions): WebSockets {
  const { server, yoga, path, maskError } = options;
  const { socketsAtMost = SOCKETS_AT_MOST, operationsAtMost = OPERATIONS_AT_MOST } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: options.messageBytesAtMost });
  const engines = new WeakMap<ExecutionArgs, ReturnType<typeof yoga.getEnveloped>>();
  const engineOf = (args: ExecutionArgs) => {
    const engine = engines.get(args);
    if (engine === undefined) throw new RangeError('an operation was not prepared');
    return engine;
  };
  const protocol = useServer<Record<string, unknown>, Record<PropertyKey, never>>(
    {
      execute: (args) => engineOf(args).execute(args),
      subscribe: (args) => engineOf(args).subscribe(args),
      async onSubscribe({ extra, subscriptions }, _, { query, variables, operationName }) {
        if (Object.keys(subscriptions).length > operationsAtMost) {
          return [tooManyOperations(operationsAtMost)];
        }
        const params = { query, variables, operationName };
        const { request, socket } = extra as Extra;
        if (!options.isServed(query)) return [notListed()];
        if (!(await options.admit(request))) return [tooOften()];
        const engine = yoga.getEnveloped({ req: request, socket, params });
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
  });
  server.on('upgrade', (request, socket, head) => {
    const open = async () => {
      const answer = refusalOf(request, path, sockets.clients.size < socketsAtMost);
      if (answer !== null) return refuse(socket, answer);
      if (!(await options.admit(request))) return refuse(socket, '429 Too Many Requests');
      sockets.handleUpgrade(request, socket, head, (client) => {
        sockets.emit('connection', client, request);
      });
    };
    open().catch(() => refuse(socket, '500 Internal Server Error'));
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

function refusalOf({ url }: IncomingMessage, path: string, hasRoom: boolean): string | null {
  if (url?.split('?', 1)[0] !== path) return '404 Not Found';
  return hasRoom ? null : '503 Service Unavailable';
}

function refuse(socket: Duplex, answer: string): void {
  socket.on('error', () => undefined);
  socket.end(`HTTP/1.1 ${answer}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
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

function withoutHttp({ errors, ...result }: ExecutionResult) {
  return errors === undefined ? result : { ...result, errors: errors.map(forClients) };
}

/** Over HTTP an error can bring a status and headers, which are not for the client's eyes. */
function forClients(error: GraphQLError) {
  const { extensions, ...shown } = error.toJSON();
  const { http: _, ...rest } = extensions ?? {};
  return { ...shown, extensions: rest };
}
