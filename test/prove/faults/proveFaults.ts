import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SeededRandom } from '../../../devnet/random.js';
import { migrate } from '../../../src/store/migrate.js';
import { PostgresServer } from '../../support/postgresServer.js';
import { TcpProxy } from '../../support/tcpProxy.js';
import { compareWithChain, compareWithCleanIndex } from './compareBooks.js';
import { ForkingChain } from './forkingChain.js';
import { IndexProcess } from './indexProcess.js';
import { FaultyRpc } from './rpcFaults.js';

/** How a run is done. */
export interface FaultOptions {
  readonly minutes: number;
  /** The same seed makes the same choices; when a process meets them is up to the machine. */
  readonly seed: number;
  /** Also answers of the node that are wrong, and reorgs deeper than finality. */
  readonly lies?: boolean;
  readonly deep?: boolean;
  /** Takes lines that tell how far it is. */
  readonly say: (line: string) => void;
}

/** What a run did, and what it found. */
export interface FaultReport {
  readonly operations: number;
  readonly kills: number;
  readonly reorgs: number;
  readonly deepest: number;
  readonly rpcFaults: number;
  readonly databaseRestarts: number;
  readonly brokenConnections: number;
  /** Steps of the run after which more was committed than before: it went on meanwhile. */
  readonly advances: number;
  readonly rows: number;
  /** Rows that are not in both databases, with the name of their table. */
  readonly differences: readonly string[];
  readonly figures: number;
  readonly mismatches: readonly string[];
}

const FINALITY = 12;
const ENDPOINTS = 3;
/** Of 1000 requests to the node. */
const WRONG_PER_MILLE = 150;
/** The longest that a step waits for requests that do not come. */
const STEP_AT_MOST_MS = 600;
const CATCH_UP_WITHIN_MS = 180_000;
const DATABASE = 'faulty';

/**
 * A chain under random operations is indexed by the real process, through a node that answers
 * wrongly, into a server that is stopped at any moment, while the process is killed again and
 * again and the newest blocks of the chain are replaced. At the end the tables must be those of
 * a clean index of the final chain, and every figure that of the contracts.
 *
 * @throws Error with the last output of the process if it does not catch up
 */
export async function proveFaults(options: FaultOptions): Promise<FaultReport> {
  const { minutes, seed, say, lies = true, deep = false } = options;
  say(`seed ${seed}, ${minutes} minutes`);
  const closers: (() => Promise<void>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-faults-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const server = await PostgresServer.create({ fsync: 'on', max_connections: 50 });
    closers.push(() => server.remove());
    const chain = await ForkingChain.start(seed, FINALITY);
    closers.push(() => chain.node.stop());
    const rpc = await FaultyRpc.start(chain.node.url, new SeededRandom(`rpc ${seed}`), {
      lies,
      endpoints: ENDPOINTS,
    });
    closers.push(() => rpc.stop());
    rpc.gate = () => chain.gate;
    const wire = await TcpProxy.start(server.port);
    closers.push(() => wire.stop());
    const databaseUrl = await server.createDatabase(DATABASE);
    await migrate(databaseUrl);

    const config = join(folder, 'imo.yaml');
    await writeFile(config, configOf(chain, rpc.urls));
    let databaseUp = Promise.resolve();
    const index = new IndexProcess(
      ['index', '--config', config],
      { DATABASE_URL: wire.through(databaseUrl) },
      () => databaseUp,
    );
    closers.push(() => index.stop());

    await caughtUp(server, chain, await chain.settle(), index);
    rpc.perMille = WRONG_PER_MILLE;
    const random = new SeededRandom(`faults ${seed}`);
    const until = Date.now() + minutes * 60_000;
    const done = { databaseRestarts: 0, brokenConnections: 0, advances: 0 };
    let indexed = '';
    const within = (condition: Promise<void>) =>
      Promise.race([condition, delay(Math.min(STEP_AT_MOST_MS, Math.max(0, until - Date.now())))]);
    for (let step = 1; Date.now() < until; step += 1) {
      await chain.grow(random.integer(1, 8));
      if (random.chance(12)) await chain.fork({ deep: deep && random.chance(5) });
      await within(rpc.after(random.integer(1, 40)));
      const now = await cursorHash(server);
      if (now !== indexed) done.advances += 1;
      indexed = now;
      switch (random.weighted(EVENTS)) {
        case 'kill':
          await index.kill(random.pick(['parent', 'parent', 'children', 'all']));
          break;
        case 'kill while it writes':
          await within(wire.sent(random.integer(1, 4_000)));
          await index.kill(random.pick(['parent', 'children', 'all']));
          break;
        case 'break connections':
          await within(wire.cutAfterBytes(random.integer(1, 4_000)));
          done.brokenConnections += 1;
          break;
        case 'restart the database': {
          const signal = random.pick(['SIGQUIT', 'SIGQUIT', 'SIGKILL', 'SIGINT'] as const);
          databaseUp = server.kill(signal).then(() => server.start());
          await databaseUp;
          done.databaseRestarts += 1;
          break;
        }
        default:
      }
      if (step % 50 === 0) {
        say(
          `step ${step}: ${chain.operations} operations, ${index.kills} kills, ${chain.reorgs} ` +
            `reorgs, ${rpc.total} RPC faults, ${done.databaseRestarts} database restarts, ${done.advances} steps with commits`,
        );
      }
    }

    rpc.perMille = 0;
    const head = await chain.settle();
    await caughtUp(server, chain, head, index);
    await index.stop();
    say(
      `caught up with block ${head}; RPC faults ${JSON.stringify(Object.fromEntries(rpc.counts))}`,
    );
    say(`ended by itself: ${JSON.stringify(Object.fromEntries(index.endings))}`);
    const cleanUrl = await server.createDatabase('clean');
    const { rows, differences } = await compareWithCleanIndex(
      chain,
      { faulty: databaseUrl, clean: cleanUrl, finality: FINALITY },
      head,
    );
    const { figures, mismatches } = await compareWithChain(chain, databaseUrl, head);
    return {
      operations: chain.operations,
      kills: index.kills,
      reorgs: chain.reorgs,
      deepest: chain.deepest,
      rpcFaults: rpc.total,
      ...done,
      rows,
      differences,
      figures,
      mismatches,
    };
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

const EVENTS = [
  ['nothing', 86],
  ['kill', 6],
  ['kill while it writes', 4],
  ['break connections', 2],
  ['restart the database', 2],
] as const;

function configOf({ node, world }: ForkingChain, rpcUrls: readonly string[]): string {
  const tokens = world.tokens.map(({ contract }) => `      - address: '${contract.address}'`);
  return [
    'chains:',
    `  - id: ${node.chainId}`,
    `    name: forking`,
    `    rpc: ['${rpcUrls.join("', '")}']`,
    `    finality: ${FINALITY}`,
    '    headPollSeconds: 0.1',
    '    tokens:',
    ...tokens,
    '',
  ].join('\n');
}

/** Of the newest block that is committed. */
async function cursorHash(server: PostgresServer): Promise<string> {
  const rows = await server.query<{ hash: Buffer }>('SELECT hash FROM chain_cursor', DATABASE);
  return `0x${rows[0]?.hash.toString('hex')}`;
}

async function caughtUp(
  server: PostgresServer,
  { node }: ForkingChain,
  head: number,
  index: IndexProcess,
): Promise<void> {
  const tag = `0x${head.toString(16)}`;
  const { hash } = await node.rpc.call<{ hash: string }>('eth_getBlockByNumber', [tag, false]);
  const deadline = Date.now() + CATCH_UP_WITHIN_MS;
  while (Date.now() < deadline) {
    if ((await cursorHash(server)) === hash) return;
    await delay(50);
  }
  const endings = JSON.stringify(Object.fromEntries(index.endings));
  throw new Error(`block ${head} is not reached; ended by itself: ${endings}\n${index.written}`);
}
