import { migrate } from '../../src/store/database/migrate.js';
import { createDatabase, dropDatabase } from '../ingest/databases.js';
import { DEFAULT_SPEC } from '../node/spec.js';
import type { NodeProcess } from '../node/start.js';
import type { Table } from '../report/report.js';
import type { TokensTask } from '../tokens/child.js';
import { indexInChild } from '../tokens/measure.js';
import { withChain } from './indexedChain.js';
import type { ScaleBenchOptions } from './options.js';

const DATABASE = 'bench_scale_groups';
const TOKENS = 8;
const HOLDERS_EACH = 40;

interface GroupsTurn {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly calls: number;
}

/**
 * The same chain behind a node that takes its time, by one process and by processes for groups of its tokens. A block
 * has operations of one token, as most blocks of a real chain have.
 */
export async function measureGroups(
  serverUrl: string,
  { operations, groups, latencyMs }: ScaleBenchOptions,
  say: (line: string) => void,
): Promise<Table> {
  const spec = {
    ...DEFAULT_SPEC,
    tokens: TOKENS,
    operations,
    holders: TOKENS * HOLDERS_EACH,
    transactionsPerBlock: 1,
  };
  const turns = await withChain(spec, async (node) => {
    await node.setPace({ latencyMs, traceMs: 0 });
    const measured: (readonly [processes: number, turn: GroupsTurn])[] = [];
    for (const processes of groups) {
      const turn = await measureTurn(serverUrl, node, processes);
      say(`${processes} processes for one chain: ${turn.seconds.toFixed(1)} s`);
      measured.push([processes, turn]);
    }
    return measured;
  });
  const base = turns[0]?.[1].seconds ?? Number.NaN;
  return {
    title: `Processes for groups of ${TOKENS} tokens: ${operations} operations, ${latencyMs} ms for each answer of the node`,
    headings: ['processes', 's', 'times as fast', 'CPU s of all', 'calls'],
    rows: turns.map(([processes, { seconds, cpuSeconds, calls }]) => [
      String(processes),
      seconds.toFixed(1),
      (base / seconds).toFixed(2),
      cpuSeconds.toFixed(1),
      String(calls),
    ]),
  };
}

/** From the start of the processes until the last of them has indexed the chain. */
async function measureTurn(
  serverUrl: string,
  node: NodeProcess,
  processes: number,
): Promise<GroupsTurn> {
  const databaseUrl = await createDatabase(serverUrl, DATABASE);
  try {
    await migrate(databaseUrl);
    await node.takeTraffic();
    const startedAt = performance.now();
    const results = await Promise.all(
      tasksOf(node, databaseUrl, processes).map((task) => indexInChild(task, null)),
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    const { callsByMethod } = await node.takeTraffic();
    const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
    return {
      seconds,
      cpuSeconds: sum(results.map(({ opening, ingest }) => opening.cpuSeconds + ingest.cpuSeconds)),
      calls: sum(Object.values(callsByMethod)),
    };
  } finally {
    await dropDatabase(serverUrl, databaseUrl);
  }
}

/** One task for each process: the first has the tokens that no group names. */
function tasksOf(node: NodeProcess, databaseUrl: string, processes: number): TokensTask[] {
  const { tokens, lastBlock, url } = node;
  const task: TokensTask = { rpcUrl: url, tokens, to: lastBlock, databaseUrl, finder: 'ranges' };
  if (processes === 1) return [task];
  const names = Array.from({ length: processes - 1 }, (_, place) => `group-${place + 1}`);
  const groups = names.map((name, place) => ({
    name,
    contracts: tokens.filter((_, index) => index % processes === place + 1),
  }));
  return ['main', ...names].map((group) => ({ ...task, groups, group }));
}
