import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../../src/projectRoot.js';
import { answers, freePort } from '../../support/programs/freePort.js';
import { startNginx } from '../../support/programs/nginx.js';
import { type Pgbouncer, startPgbouncer } from '../../support/programs/pgbouncer.js';
import { IndexProcess } from '../faults/indexProcess.js';
import type { DatabasePair } from './databasePair.js';
import type { FollowedChain } from './followedChain.js';
import { FINAL, FINAL_HASH } from './questions.js';

const FINALITY = 8;
/** How far behind a replica may be to be asked, in the config of the servers. */
export const LAG_SECONDS = 2;
const SESSIONS = 8;
/** A server needs so long on a machine that has much else to do. */
const READY_WITHIN_MS = 120_000;

/** Everything that runs, as processes of this machine. */
export interface Topology {
  readonly config: string;
  /** Of nginx. */
  readonly url: string;
  readonly servers: readonly IndexProcess[];
  readonly indexers: readonly IndexProcess[];
  readonly pgbouncer: Pgbouncer;
  stop(): Promise<void>;
}

/**
 * Starts an indexer for each chain, two API servers behind nginx, and PgBouncer in front of the primary.
 * Indexers write to the primary itself.
 */
export async function startTopology(
  pair: DatabasePair,
  chains: readonly FollowedChain[],
): Promise<Topology> {
  const closers: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-scale-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const config = await writeConfig(folder, chains);
    const pgbouncer = await startPgbouncer(pair.readerUrl, {
      ignoresOptions: false,
      sessions: SESSIONS,
    });
    closers.push(() => pgbouncer.stop());
    const indexers = chains.map(
      ({ node }) =>
        new IndexProcess(['index', '--config', config, '--chain', String(node.chainId)], {
          DATABASE_URL: pair.writerUrl,
        }),
    );
    for (const indexer of indexers) closers.push(() => indexer.stop());
    const ports = [await freePort(), await freePort()];
    const servers = ports.map(
      (port) =>
        new IndexProcess(['serve', '--config', config, '--port', String(port)], {
          DATABASE_URL: pgbouncer.url('transaction'),
          LISTEN_DATABASE_URL: pair.readerUrl,
          READ_DATABASE_URLS: pair.serverUrls.join(' '),
        }),
    );
    for (const server of servers) closers.push(() => server.stop());
    const front = await freePort();
    const nginx = await startNginx('', await nginxConfig(folder, ports, front));
    closers.push(() => nginx.stop());
    for (const port of ports) await answers(port, READY_WITHIN_MS);
    const url = `http://127.0.0.1:${front}/graphql`;
    return { config, url, servers, indexers, pgbouncer, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** JSON is YAML. */
async function writeConfig(folder: string, chains: readonly FollowedChain[]): Promise<string> {
  await writeFile(join(folder, 'queries.json'), JSON.stringify({ [FINAL_HASH]: FINAL }));
  const content = {
    chains: chains.map(({ node, tokens }) => ({
      id: node.chainId,
      name: `chain ${node.chainId}`,
      rpc: [node.url],
      finality: FINALITY,
      headPollSeconds: 0.1,
      cache: false,
      tokens: tokens.map((address) => ({ address })),
    })),
    api: {
      // Clients of this machine come through nginx: all of them are one address.
      rateLimit: false,
      trustedProxies: ['loopback'],
      limits: { replicaLagSeconds: LAG_SECONDS },
      persistedQueries: { file: 'queries.json' },
      metrics: false,
    },
  };
  const path = join(folder, 'imo.yaml');
  await writeFile(path, JSON.stringify(content, null, 2));
  return path;
}

/** The file that we ship, with the ports and the folder of this run. */
async function nginxConfig(
  folder: string,
  [first, second]: readonly number[],
  front: number,
): Promise<string> {
  const text = await readFile(join(PROJECT_ROOT, 'deploy', 'nginx', 'imo-ledger.conf'), 'utf8');
  return text
    .replace('/var/cache/nginx/imo-ledger', join(folder, 'nginx'))
    .replace('listen 80;', `listen 127.0.0.1:${front};`)
    .replace('127.0.0.1:4350', `127.0.0.1:${first}`)
    .replace('127.0.0.1:4360', `127.0.0.1:${second}`);
}
