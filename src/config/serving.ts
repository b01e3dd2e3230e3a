import { resolve } from 'node:path';
import { z } from 'zod';

/** How the API behaves towards its clients: `api` in imo.yaml (docs/serving.md). */
export interface ServingConfig {
  /** Origins whose pages may ask; `*`: all. Empty: none. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Requests of one client; `null`: no limit. */
  readonly rateLimit: RateLimitConfig | null;
  readonly limits: LimitsConfig;
  readonly persistedQueries: PersistedQueriesConfig;
  readonly caching: CachingConfig;
  /** Path below which a proxy serves everything, as `/ledger`; empty: at the root. */
  readonly basePath: string;
  /** Whether errors suggest names of the schema. */
  readonly suggestions: boolean;
  /** Where operators find `/metrics` and `/ready` in detail; `null`: nowhere. */
  readonly metrics: MetricsConfig | null;
}

/** What caches between the server and its clients may do. */
export interface CachingConfig {
  /** How long they may keep an answer as of a final block. */
  readonly finalSeconds: number;
}

export interface MetricsConfig {
  readonly host: string;
  /** `null`: the usual one, or any free one if that is in use. */
  readonly port: number | null;
}

export interface RateLimitConfig {
  readonly requests: number;
  /** What the requests may take, in points. */
  readonly cost: number;
  readonly perSeconds: number;
}

export interface LimitsConfig {
  readonly requestBytes: number;
  /** Operations in one request. */
  readonly batch: number;
  readonly tokens: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields, with fragments expanded. */
  readonly fields: number;
  /** Of one request, in points, known before it is answered. */
  readonly cost: number;
  /** For the answer to one request. */
  readonly requestSeconds: number;
  /** Of all statements of one request together. */
  readonly databaseSeconds: number;
  /** Of one answer. */
  readonly answerBytes: number;
  /** Holders of a token, for lists that are computed for all of them. */
  readonly computedHolders: number;
  /** Of one statement of the database. */
  readonly statementSeconds: number;
  /** Connections to the database. */
  readonly connections: number;
  /** How long a request waits for the block that its client has seen. */
  readonly minBlockSeconds: number;
  /** How far a replica of the database may be behind to be asked. */
  readonly replicaLagSeconds: number;
  /** Requests of one client that are answered at once, open streams included. */
  readonly atOnce: number;
  /** Subscriptions of all clients together. */
  readonly subscriptions: number;
  /** WebSockets of all clients together. */
  readonly sockets: number;
  /** Operations that run at a time on one WebSocket. */
  readonly socketOperations: number;
}

export interface PersistedQueriesConfig {
  /** JSON with the queries by their SHA-256, or a manifest of Apollo; `null`: none. */
  readonly file: string | null;
  /** Whether others are refused. */
  readonly only: boolean;
}

/** Keys below `api`. */
export const SERVING_KEYS: Readonly<Record<string, readonly string[]>> = {
  api: [
    'cors',
    'trustedProxies',
    'rateLimit',
    'limits',
    'persistedQueries',
    'caching',
    'basePath',
    'suggestions',
    'metrics',
  ],
  metrics: ['host', 'port'],
  rateLimit: ['requests', 'cost', 'perSeconds'],
  limits: [
    'requestBytes',
    'batch',
    'tokens',
    'depth',
    'aliases',
    'directives',
    'fields',
    'cost',
    'requestSeconds',
    'databaseSeconds',
    'answerBytes',
    'computedHolders',
    'statementSeconds',
    'connections',
    'minBlockSeconds',
    'replicaLagSeconds',
    'atOnce',
    'subscriptions',
    'sockets',
    'socketOperations',
  ],
  persistedQueries: ['file', 'only'],
  caching: ['finalSeconds'],
};

export const SERVING_KEY_HINTS: Readonly<Record<string, string>> = {
  api: 'Write how the API is served, e.g. `api: {rateLimit: {requests: 600, perSeconds: 60}}`, or leave it out (docs/serving.md).',
  cors: 'Write a list of origins, e.g. `cors: ["https://app.example"]`, `cors: ["*"]` for all, or `cors: []` for none.',
  trustedProxies:
    'Write a list of addresses or networks, e.g. `trustedProxies: ["10.0.0.0/8"]`, or leave it out.',
  rateLimit: 'Write `rateLimit: {requests: 600, perSeconds: 60}`, or `rateLimit: false` for none.',
  caching:
    'Write how long caches may keep answers as of final blocks, e.g. `caching: {finalSeconds: 3600}`.',
  finalSeconds: 'Write a number of seconds, e.g. `finalSeconds: 3600`.',
  cost: 'Write a number of points, e.g. `cost: 100000` (docs/serving.md#what-a-request-costs).',
  requests: 'Write how many requests a client may make in the time, e.g. `requests: 600`.',
  perSeconds: 'Write in how many seconds, e.g. `perSeconds: 60`.',
  limits: 'Write the limits to change, e.g. `limits: {depth: 10}` (docs/serving.md).',
  basePath:
    'Write the path that the proxy serves this server at, e.g. `basePath: /ledger`, or leave it out.',
  suggestions:
    'Write `suggestions: false` for errors that name nothing of the schema, or leave it out.',
  metrics:
    'Write where operators find /metrics, e.g. `metrics: {host: 10.0.0.5, port: 4352}`, or `metrics: false` for nowhere.',
  persistedQueries: 'Write `persistedQueries: {file: queries.json, only: true}`, or leave it out.',
};

const count = (fallback: number, most = 1_000_000_000) =>
  z.int().min(1).max(most).default(fallback);

/** So many take the database five to ten seconds, a fraction of a second at a time. */
export const COMPUTED_HOLDERS = 500_000;

const limitsField = z.strictObject({
  requestBytes: count(200_000),
  batch: count(10, 1_000),
  tokens: count(4_000),
  depth: count(12),
  aliases: count(250),
  directives: count(50),
  fields: count(2_000),
  cost: count(500_000),
  requestSeconds: count(30, 3_600),
  databaseSeconds: count(20, 3_600),
  answerBytes: count(20_000_000),
  computedHolders: count(COMPUTED_HOLDERS),
  statementSeconds: count(10, 3_600),
  connections: count(10, 1_000),
  minBlockSeconds: count(5, 60),
  replicaLagSeconds: count(10, 86_400),
  atOnce: count(100),
  subscriptions: count(1_000),
  sockets: count(500),
  socketOperations: count(50),
});

const rateLimitField = z.preprocess(
  (limit) => (limit === false ? null : (limit ?? {})),
  z
    .strictObject({ requests: count(1_200), cost: count(2_000_000), perSeconds: count(60, 86_400) })
    .nullable(),
);

const metricsField = z.preprocess(
  (metrics) => (metrics === false ? null : (metrics ?? {})),
  z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.int().min(0).max(65_535).nullable().default(null),
    })
    .nullable(),
);

const basePathField = z
  .string()
  .regex(/^(\/[\w.~-]+)*$/, 'a path begins with / and does not end with it')
  .default('');

/** All defaults filled in. @param folder of the file: paths in it are relative to it. */
export const servingField = (folder: string) =>
  z
    .strictObject({
      cors: z.array(z.string().min(1)).default(['*']),
      trustedProxies: z.array(z.string().min(1)).default([]),
      rateLimit: rateLimitField,
      limits: limitsField.prefault({}),
      basePath: basePathField,
      suggestions: z.boolean().default(true),
      metrics: metricsField,
      caching: z.strictObject({ finalSeconds: count(86_400, 31_536_000) }).prefault({}),
      persistedQueries: z
        .strictObject({
          file: z.string().min(1).nullable().default(null),
          only: z.boolean().default(false),
        })
        .prefault({}),
    })
    .transform(
      ({ cors, persistedQueries, ...serving }): ServingConfig => ({
        ...serving,
        corsOrigins: cors,
        persistedQueries: {
          ...persistedQueries,
          file: persistedQueries.file === null ? null : resolve(folder, persistedQueries.file),
        },
      }),
    );

/** The defaults of what imo.yaml leaves out. */
export const SERVING_DEFAULTS: ServingConfig = servingField('.').parse({});
