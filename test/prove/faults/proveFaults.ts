import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '../../../devnet/random.js';
import { migrate } from '../../../src/store/database/migrate.js';
import { PostgresServer } from '../../support/databases/postgresServer.js';
import { TcpProxy } from '../../support/nodes/tcpProxy.js';
import { auditBooks } from './auditBooks.js';
import { compareWithCleanIndex, indexCleanly } from './compareBooks.js';
import type { FaultOptions, FaultReport } from './faultReport.js';
import { CHUNK, FaultySources } from './faultySources.js';
import { ForkingChain } from './forkingChain.js';
import { HOSTILITIES, wrongHolds } from './hostiles.js';
import { IndexProcess } from './indexProcess.js';
import { FaultyRpc } from './rpcFaults.js';
import { planOf } from './schedule.js';
import { writeSimulatedConfig } from './simulatedConfig.js';
import { BACKUP, Simulation } from './simulation.js';

const FINALITY = 12;
const ENDPOINTS = 3;
const DATABASE = 'faulty';
/** Several chunks of a service: a clean index reads each of them by itself. */
const QUIET_BLOCKS = 3 * CHUNK;
/** Nothing but the nodes, and nothing kept. */
const EACH_BLOCK = { source: { blocksAtLeast: 1_000_000 }, cache: false };

/**
 * A chain under random operations is indexed by the real process, through a node that answers
 * wrongly, into a server that is stopped at any moment, while the process is killed again and
 * again and the newest blocks of the chain are replaced. At the end the tables must be those of
 * a clean index of the final chain, and `imo-ledger audit` over all holders must agree.
 *
 * @throws Error with the last output of the process if it does not catch up, or ended for a
 *   reason that is none
 */
export async function proveFaults(options: FaultOptions): Promise<FaultReport> {
  const {
    minutes,
    seed,
    say,
    lies = true,
    deep = true,
    source = 'blocks',
    hostilities = HOSTILITIES,
    endpoints = ENDPOINTS,
  } = options;
  say(`seed ${seed}, ${minutes} minutes, final blocks from ${source}`);
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-faults-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const server = await PostgresServer.create({ fsync: 'on', max_connections: 50 });
    closers.push(() => server.remove());
    const chain = await ForkingChain.start(seed, FINALITY, hostilities, {
      quietBlocks: source === 'blocks' ? 1 : QUIET_BLOCKS,
    });
    closers.push(() => chain.node.stop());
    const rpc = await FaultyRpc.start(chain.node.url, new SeededRandom(`rpc ${seed}`), {
      lies,
      endpoints,
    });
    closers.push(() => rpc.stop());
    rpc.gate = () => chain.gate;
    const wire = await TcpProxy.start(server.port);
    closers.push(() => wire.stop());
    const databaseUrl = await server.createDatabase(DATABASE);
    await migrate(databaseUrl);
    const sources =
      source === 'blocks'
        ? null
        : await FaultySources.start(chain.node.url, new SeededRandom(`sources ${seed}`), {
            source,
            finality: FINALITY,
            folder: join(folder, 'cache'),
          });
    closers.push(async () => sources?.stop());
    const configFor = (name: string, rpcUrls: readonly string[], more = {}) =>
      writeSimulatedConfig(folder, name, chain, { rpcUrls, finality: FINALITY, more });
    const chooseSource = async () => {
      const next = sources?.next();
      await configFor('faulty.json', rpc.urls, next?.config ?? EACH_BLOCK);
      return next?.name ?? 'blocks';
    };
    const config = join(folder, 'faulty.json');
    const cleanConfig = await configFor('clean.json', [chain.node.url], EACH_BLOCK);
    if (sources !== null) {
      await indexCleanly(cleanConfig, databaseUrl, chain.firstBlock);
      await server.query(`CREATE DATABASE ${BACKUP} TEMPLATE ${DATABASE}`, 'postgres');
    }
    const first = await chooseSource();
    const index = new IndexProcess(['index', '--config', config], {
      DATABASE_URL: wire.through(databaseUrl),
    });
    closers.push(() => index.stop());
    const stage = {
      server,
      database: DATABASE,
      chain,
      rpc,
      wire,
      index,
      sources,
      chooseSource,
    };
    const simulation = new Simulation(stage, seed, say);

    await simulation.caughtUp(await chain.settle());
    say('the plan begins');
    const isSourced = sources !== null;
    const plan = planOf(new SeededRandom(`plan ${seed}`), { minutes, deep, sources: isSourced });
    await simulation.play(plan);
    const head = await chain.settle();
    await simulation.caughtUp(head);
    await index.stop();
    say(`caught up with block ${head}; ${index.describeEndings()}`);
    say(`RPC faults ${JSON.stringify(Object.fromEntries(rpc.counts))}`);

    if (sources !== null) {
      say(
        `faults of sources ${JSON.stringify(Object.fromEntries(sources.counts))}, ${first} first`,
      );
    }
    const urls = { faulty: databaseUrl, clean: await server.createDatabase('clean') };
    const compared = await compareWithCleanIndex(cleanConfig, urls, {
      firstBlock: chain.firstBlock,
      head,
    });
    const held = await wrongHolds(databaseUrl, chain.hostiles);
    const audited = await auditBooks(cleanConfig, databaseUrl, { folder, head });
    const { databaseRestarts, brokenConnections, advances, indexedAnew } = simulation;
    return {
      operations: chain.operations,
      kills: index.kills,
      reorgs: chain.reorgs,
      deepest: chain.deepest,
      rpcFaults: rpc.total,
      sourceFaults: sources?.total ?? 0,
      indexedAnew,
      databaseRestarts,
      brokenConnections,
      advances,
      hostiles: chain.hostiles.length,
      ...compared,
      differences: [...held, ...compared.differences],
      ...audited,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}
