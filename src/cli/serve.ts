import type { Command } from 'commander';
import type { Logger } from 'pino';
import type { RunningApi } from '../api/server.js';
import { loadConfig } from '../config/load.js';
import type { ImoConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { findServer } from '../store/database/connect.js';
import { databaseUrlFrom } from '../store/database/databaseUrl.js';
import { asPooled, isPooled } from '../store/database/pooler.js';
import { serversOf } from '../store/database/servers.js';
import {
  type CommonOptions,
  DEFAULT_API_PORT,
  parsePort,
  parseWholeNumber,
  verb,
} from './wiring/options.js';
import { aborted, shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

interface ServeOptions extends CommonOptions {
  readonly port?: number;
  readonly host: string;
  readonly readyLag?: number;
}

export function addServeVerb(program: Command): void {
  verb(program, 'serve', {
    summary: 'serve the GraphQL and REST APIs',
    description:
      'Serves the web page, the GraphQL API, GraphiQL and the REST API over what is indexed so far. Any number of servers may run at the ' +
      'same time as one `index`: they only read the database.\n\n' +
      'GET /ready answers 200, or 503 if nothing is indexed, if the index is too far behind, or if the books differ from a ' +
      'contract. The reasons, and /metrics for Prometheus, are on a separate port of this machine (api.metrics, default 4352).\n\n' +
      'DATABASE_URL may lead to a connection pooler such as PgBouncer, in any mode. LISTEN_DATABASE_URL then names the server ' +
      'itself, so that subscriptions hear of commits at once; without it they look once a second.\n\n' +
      'READ_DATABASE_URLS names streaming replicas, separated by spaces. Requests read from those that are near the database ' +
      'of DATABASE_URL, and never from one that has not reached the block that the client has seen (X-Min-Block).',
    example: 'imo-ledger serve --port 8080',
    exits: { 0: 'stopped by a signal' },
  })
    .option('--port <port>', `port to listen on (default: PORT, or ${DEFAULT_API_PORT})`, parsePort)
    .option(
      '--ready-lag <blocks>',
      'not ready if the index is further behind the node (default: 100)',
      parseWholeNumber,
    )
    .option('--host <address>', 'interface to listen on; 0.0.0.0: all', '127.0.0.1')
    .action(runServe);
}

async function runServe(options: ServeOptions): Promise<void> {
  const shutdown = shutdownSignal({ isPatient: true });
  const config = await loadConfig(options.config, process.env);
  const port = options.port ?? portFrom(process.env) ?? DEFAULT_API_PORT;
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { assertDistributed } = await import('../store/distributed/newTables.js');
    await assertDistributed(database.url);
    const { host, readyLag } = options;
    // All of its hosts: the server continues when the database moves to another one.
    const configured = databaseUrlFrom(process.env);
    const hasOthers = configured !== null && serversOf(configured).length > 1;
    const everyHost = (url: string) => (isPooled(database.url) ? asPooled(url) : url);
    const databaseUrl = hasOthers ? everyHost(configured) : database.url;
    const listenUrl = process.env.LISTEN_DATABASE_URL || null;
    const replicaUrls = await findReplicas(process.env.READ_DATABASE_URLS);
    const isOwnDatabase = configured === null;
    const served = {
      databaseUrl,
      listenUrl,
      replicaUrls,
      isOwnDatabase,
      port,
      host,
      readyLag,
      config,
    };
    const api = await listen(served);
    process.stdout.write(`Web page: ${api.pageUrl}\nGraphQL API: ${api.url}\n`);
    if (api.operatorsUrl !== null) {
      process.stdout.write(`For operators: ${api.operatorsUrl}/metrics and /ready\n`);
    }
    await aborted(shutdown);
    await api.close();
  });
}

/**
 * The replicas of READ_DATABASE_URLS, separated by spaces. One that does not answer now may do so later.
 *
 * @throws ImoError those of `findServer` that time does not heal
 */
async function findReplicas(configured = ''): Promise<string[]> {
  const urls = configured.split(/\s+/).filter((url) => url !== '');
  return Promise.all(
    urls.map(async (url) => {
      try {
        return await findServer(url, { writes: false });
      } catch (error) {
        if (error instanceof ImoError && error.code === 'DATABASE_DOWN') return url;
        throw error;
      }
    }),
  );
}

function portFrom(env: NodeJS.ProcessEnv): number | undefined {
  if (!env.PORT) return undefined;
  try {
    return parsePort(env.PORT);
  } catch (cause) {
    throw new ImoError(
      'PORT_INVALID',
      `the environment variable PORT is "${env.PORT}"`,
      'Set it to a number from 0 to 65535, or unset it.',
      { cause },
    );
  }
}

/** Starts the API with the chains of the config. */
export async function listen(options: {
  databaseUrl: string;
  /** Where to LISTEN for commits; `null`: at `databaseUrl`. */
  listenUrl?: string | null;
  /** Streaming replicas of the database. */
  replicaUrls?: readonly string[];
  isOwnDatabase?: boolean;
  port: number;
  host?: string;
  readyLag?: number | undefined;
  /** Default: from notices on, to stderr. */
  logger?: Logger;
  config: ImoConfig;
}): Promise<RunningApi> {
  const { startApi } = await import('../api/server.js');
  const { config, readyLag, ...rest } = options;
  const chains = config.chains.map(({ id, name, rpcUrl, fallbackRpcUrls, explorer = null }) => ({
    id,
    name,
    rpcUrl,
    fallbackRpcUrls,
    explorer,
  }));
  const { SERVING_DEFAULTS } = await import('../config/serving.js');
  return startApi({
    ...rest,
    operators: (config.api ?? SERVING_DEFAULTS).metrics,
    chains,
    ...(config.api === undefined ? {} : { serving: config.api }),
    ...(readyLag === undefined ? {} : { readyLagBlocks: readyLag }),
  });
}
