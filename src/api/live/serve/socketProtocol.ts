import { type ExecutionArgs, type ExecutionResult, GraphQLError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Extra, useServer } from 'graphql-ws/use/ws';
import type { YogaServerInstance } from 'graphql-yoga';
import { inputError } from '../../errors.js';
import { type ApiMetrics, operationNameOf } from '../../http/apiMetrics.js';
import type { Clients } from '../../http/clients/clients.js';
import { notListed } from '../../limits/documents/persistedQueries.js';
import { clientGone, type RequestRun } from '../../limits/turns/requestRun.js';
import type { ApiContext, Exchanged } from '../../request/context.js';
import { running, SocketOperations } from './socketOperations.js';

export interface SocketProtocolOptions {
  /** Parses, checks and answers operations, with all of its limits. */
  readonly yoga: YogaServerInstance<Exchanged, ApiContext>;
  readonly maskError: (error: unknown) => GraphQLError;
  /** Begins to count what an operation takes; `onEnd` is called when it is answered. */
  readonly open: (client: string, onEnd: () => void) => RequestRun;
  /** What each client may. */
  readonly clients: Clients;
  /** Whether an operation of this text may be asked at all. */
  readonly isServed: (query: string) => boolean;
  readonly metrics: ApiMetrics;
  /** That run at a time on one socket. */
  readonly operationsAtMost: number;
}

type Handlers = Parameters<
  typeof useServer<Record<string, unknown>, Record<PropertyKey, never>>
>[0];
type SocketContext = Parameters<NonNullable<Handlers['onSubscribe']>>[0];
type Engine = ReturnType<SocketProtocolOptions['yoga']['getEnveloped']>;

/** What the clients of WebSockets may ask, and how it is answered. */
export class SocketProtocol {
  private readonly engines = new WeakMap<ExecutionArgs, Engine>();
  private readonly names = new WeakMap<ExecutionArgs, string>();
  private readonly operations = new SocketOperations();
  /** Of what runs on each socket. */
  private readonly runs = new WeakMap<object, Set<RequestRun>>();

  constructor(private readonly options: SocketProtocolOptions) {}

  handlers(): Handlers {
    const { operations } = this;
    return {
      execute: (args) => this.execute(args),
      subscribe: (args) => this.engineOf(args).subscribe(args),
      onConnect: (context) => operations.open(this.clientOf(context), context),
      onClose: (context) => {
        operations.close(this.clientOf(context), context);
        for (const run of this.runs.get(context) ?? []) run.stop(clientGone());
      },
      onSubscribe: async (context, _, payload) =>
        (await this.refusalOf(context, payload)) ?? this.prepare(context, payload),
      onNext: (_context, _id, _payload, _args, result) => withoutHttp(result),
      onError: (_context, _id, _payload, errors) => errors.map(forClients),
      isProd: true,
    };
  }

  private engineOf(args: ExecutionArgs): Engine {
    const engine = this.engines.get(args);
    if (engine === undefined) throw new RangeError('an operation was not prepared');
    return engine;
  }

  private clientOf({ extra }: { readonly extra: unknown }): string {
    return this.options.clients.addressOf((extra as Extra).request);
  }

  private async execute(args: ExecutionArgs) {
    const { metrics, maskError } = this.options;
    const startedAt = performance.now();
    const result = await this.engineOf(args).execute(args);
    if (Symbol.asyncIterator in result) return result;
    const { run } = args.contextValue as ApiContext;
    const seconds = (performance.now() - startedAt) / 1000;
    metrics.query(this.names.get(args) ?? 'anonymous', seconds, result);
    return ofLimitedSize(result, run, maskError);
  }

  /** `null`: the client may ask it. */
  private async refusalOf(
    context: SocketContext,
    { query }: SubscribePayload,
  ): Promise<readonly GraphQLError[] | null> {
    const { clients, operationsAtMost, isServed } = this.options;
    if (running(context) > operationsAtMost) return [tooManyOperations(operationsAtMost)];
    const client = this.clientOf(context);
    if (!isServed(query)) return [notListed()];
    if (!clients.mayRun(client, this.operations.of(client))) return [clients.tooManyAtOnce()];
    if (!(await clients.count(client))) return [tooOften()];
    const tooMuch = await clients.costError(client);
    return tooMuch === null ? null : [tooMuch];
  }

  /** An operation that is ready to run, or what is wrong with it. */
  private async prepare(
    context: SocketContext,
    { query, variables, operationName }: SubscribePayload,
  ): Promise<ExecutionArgs | readonly GraphQLError[]> {
    const { yoga, maskError } = this.options;
    const params = { query, variables, operationName };
    const { request, socket } = context.extra as Extra;
    const run = this.openRun(context);
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
      this.engines.set(args, engine);
      this.names.set(args, operationNameOf(params));
      return args;
    } catch (error) {
      return [maskError(error)];
    }
  }

  private openRun(context: SocketContext): RequestRun {
    const ofSocket = this.runs.get(context) ?? new Set();
    const run = this.options.open(this.clientOf(context), () => ofSocket.delete(run));
    this.runs.set(context, ofSocket.add(run));
    return run;
  }
}

function tooManyOperations(most: number): GraphQLError {
  return inputError(
    'TOO_MANY_SUBSCRIPTIONS',
    `${most} operations run on this connection already`,
    'Close subscriptions that you do not need. One subscription can follow all tokens.',
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
