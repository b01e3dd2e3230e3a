import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import { Counter, Gauge, Histogram } from 'prom-client';
import { newRegistry } from '../../processMetrics.js';
import type { ApiPools } from '../reads/pool.js';

/** Clients choose the names of operations: so many are counted apart, if they come often. */
const OPERATIONS_AT_MOST = 100;
const OFTEN = 20;
/** Names that are watched until they came often. */
const WATCHED_AT_MOST = 1_000;
const OTHER = 'other';
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** How the server itself does, for Prometheus. */
export class ApiMetrics {
  readonly registry = newRegistry();
  private readonly operations: Set<string>;
  private readonly seen = new LRUCache<string, number>({ max: WATCHED_AT_MOST });
  private readonly queries: Histogram<'operation'>;
  private readonly errors: Counter<'code'>;
  private readonly requests: Counter<'method' | 'status'>;

  /** @param allowed names of operations that are counted apart in any case */
  constructor(pools: readonly ApiPools[], allowed: Iterable<string> = []) {
    this.operations = new Set([...allowed].slice(0, OPERATIONS_AT_MOST));
    const registers = [this.registry];
    this.queries = new Histogram({
      name: 'imo_ledger_api_query_seconds',
      help: 'Time to answer a GraphQL operation, by its name',
      labelNames: ['operation'],
      buckets: SECONDS,
      registers,
    });
    this.errors = new Counter({
      name: 'imo_ledger_api_errors_total',
      help: 'Errors in answers, by their code',
      labelNames: ['code'],
      registers,
    });
    this.requests = new Counter({
      name: 'imo_ledger_api_requests_total',
      help: 'HTTP requests, by method and status',
      labelNames: ['method', 'status'],
      registers,
    });
    const connections = new Gauge({
      name: 'imo_ledger_api_database_connections',
      help: 'Connections of the pool, and requests that wait for one',
      labelNames: ['state'],
      registers,
      collect() {
        const all = pools.flatMap(({ shared, cheap, heavy }) => [shared, cheap, heavy]);
        const sum = (of: (pool: ApiPools['cheap']) => number) =>
          all.reduce((total, pool) => total + of(pool), 0);
        connections.set(
          { state: 'idle' },
          sum((pool) => pool.idleCount),
        );
        connections.set(
          { state: 'busy' },
          sum((pool) => pool.totalCount - pool.idleCount),
        );
        connections.set(
          { state: 'waiting' },
          sum((pool) => pool.waitingCount),
        );
      },
    });
  }

  /** Tells how much is followed, whenever somebody asks. */
  watchLive(open: { readonly subscriptions: () => number; readonly sockets: () => number }): void {
    const registers = [this.registry];
    const subscriptions: Gauge = new Gauge({
      name: 'imo_ledger_api_subscriptions',
      help: 'Subscriptions that are open, over server-sent events and WebSockets',
      registers,
      collect: () => subscriptions.set(open.subscriptions()),
    });
    const sockets: Gauge = new Gauge({
      name: 'imo_ledger_api_sockets',
      help: 'WebSockets that are open',
      registers,
      collect: () => sockets.set(open.sockets()),
    });
  }

  /** Tells how far replicas are behind, whenever somebody asks. */
  watchReplicas(
    lags: () => readonly { readonly name: string; readonly bytes: number | null }[],
  ): void {
    const gauge: Gauge<'server'> = new Gauge({
      name: 'imo_ledger_api_replica_lag_bytes',
      help: 'Write-ahead log that a replica has not replayed, by its address',
      labelNames: ['server'],
      registers: [this.registry],
      collect() {
        gauge.reset();
        for (const { name, bytes } of lags())
          if (bytes !== null) gauge.set({ server: name }, bytes);
      },
    });
  }

  /** @param method as the client wrote it */
  request(method: string, status: number): void {
    const known = ['GET', 'POST', 'OPTIONS', 'HEAD'].includes(method) ? method : OTHER;
    this.requests.inc({ method: known, status: String(status) });
  }

  query(operationName: string, seconds: number, { errors = [] }: ExecutionResult): void {
    this.queries.observe({ operation: this.labelOf(operationName) }, seconds);
    for (const { extensions } of errors)
      this.errors.inc({ code: String(extensions?.code ?? OTHER) });
  }

  private labelOf(name: string): string {
    if (this.operations.has(name)) return name;
    if (this.operations.size >= OPERATIONS_AT_MOST) return OTHER;
    const seen = (this.seen.get(name) ?? 0) + 1;
    this.seen.set(name, seen);
    if (seen < OFTEN) return OTHER;
    this.operations.add(name);
    return name;
  }
}

const OPERATION_NAME = /^\s*(?:query|subscription)\s+([_A-Za-z]\w{0,63})/;

/** What an operation is called, by what a client sent. */
export function operationNameOf({
  operationName,
  query,
}: {
  readonly operationName?: unknown;
  readonly query?: unknown;
}): string {
  const named = typeof operationName === 'string' ? operationName.slice(0, 64) : null;
  const written = typeof query === 'string' ? OPERATION_NAME.exec(query)?.[1] : null;
  return named ?? written ?? 'anonymous';
}

/** Measures every operation that comes over HTTP. */
export function measureAnswers(metrics: ApiMetrics): Plugin {
  const begun = new WeakMap<object, { readonly at: number; readonly name: string }>();
  return {
    onParams({ params, context }) {
      // A batch may contain anything: invalid parts are refused later.
      begun.set(context, { at: performance.now(), name: operationNameOf(params ?? {}) });
    },
    onExecutionResult({ result, context }) {
      const start = begun.get(context);
      if (start === undefined || result == null || Symbol.asyncIterator in result) return;
      for (const answer of Array.isArray(result) ? result : [result]) {
        metrics.query(start.name, (performance.now() - start.at) / 1000, answer);
      }
    },
  };
}
