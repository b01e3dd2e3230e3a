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
}

export interface RateLimitConfig {
  readonly requests: number;
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
  /** Fields, fragments written out. */
  readonly fields: number;
  /** Fields times the rows of the lists that they stand in. */
  readonly cost: number;
  /** Of one statement of the database. */
  readonly statementSeconds: number;
  /** Connections to the database. */
  readonly connections: number;
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
  api: ['cors', 'trustedProxies', 'rateLimit', 'limits', 'persistedQueries'],
  rateLimit: ['requests', 'perSeconds'],
  limits: [
    'requestBytes',
    'batch',
    'tokens',
    'depth',
    'aliases',
    'directives',
    'fields',
    'cost',
    'statementSeconds',
    'connections',
    'atOnce',
    'subscriptions',
    'sockets',
    'socketOperations',
  ],
  persistedQueries: ['file', 'only'],
};

export const SERVING_KEY_HINTS: Readonly<Record<string, string>> = {
  api: 'Write how the API is served, e.g. `api: {rateLimit: {requests: 600, perSeconds: 60}}`, or leave it out (docs/serving.md).',
  cors: 'Write a list of origins, e.g. `cors: ["https://app.example"]`, `cors: ["*"]` for all, or `cors: []` for none.',
  trustedProxies:
    'Write a list of addresses or networks, e.g. `trustedProxies: ["10.0.0.0/8"]`, or leave it out.',
  rateLimit: 'Write `rateLimit: {requests: 600, perSeconds: 60}`, or `rateLimit: false` for none.',
  requests: 'Write how many requests a client may make in the time, e.g. `requests: 600`.',
  perSeconds: 'Write in how many seconds, e.g. `perSeconds: 60`.',
  limits: 'Write the limits to change, e.g. `limits: {depth: 10}` (docs/serving.md).',
  persistedQueries: 'Write `persistedQueries: {file: queries.json, only: true}`, or leave it out.',
};

const count = (fallback: number, most = 1_000_000_000) =>
  z.int().min(1).max(most).default(fallback);

const limitsField = z.strictObject({
  requestBytes: count(200_000),
  batch: count(10, 1_000),
  tokens: count(4_000),
  depth: count(12),
  aliases: count(250),
  directives: count(50),
  fields: count(2_000),
  cost: count(500_000),
  statementSeconds: count(10, 3_600),
  connections: count(10, 1_000),
  atOnce: count(100),
  subscriptions: count(1_000),
  sockets: count(500),
  socketOperations: count(50),
});

const rateLimitField = z.preprocess(
  (limit) => (limit === false ? null : (limit ?? {})),
  z.strictObject({ requests: count(1_200), perSeconds: count(60, 86_400) }).nullable(),
);

/** All defaults filled in. @param folder of the file: paths in it are relative to it. */
export const servingField = (folder: string) =>
  z
    .strictObject({
      cors: z.array(z.string().min(1)).default(['*']),
      trustedProxies: z.array(z.string().min(1)).default([]),
      rateLimit: rateLimitField,
      limits: limitsField.prefault({}),
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

/** What is served when imo.yaml says nothing of it. */
export const SERVING_DEFAULTS: ServingConfig = servingField('.').parse({});
