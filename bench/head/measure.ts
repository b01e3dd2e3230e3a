import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Anvil, startAnvil } from '../../devnet/anvil.js';
import { runIndexChild } from '../../src/cli/wiring/child.js';
import { migrate } from '../../src/store/database/migrate.js';
import { openEmbedded } from '../../src/store/embedded/embedded.js';
import { Contender } from '../api/contender.js';
import { createDatabase, dropDatabase } from '../ingest/databases.js';
import { Latencies } from './latencies.js';
import type { HeadBenchOptions, Way } from './options.js';
import { TickingChain } from './tickingChain.js';

export interface HeadResult {
  readonly way: Way;
  /** From the block of the node to the first answer that has it, in milliseconds, in ascending order. */
  readonly answerMs: readonly number[];
  /** The same to the event of a subscription. */
  readonly subscriptionMs: readonly number[];
}

/** Blocks before those that are measured: the indexer gets to the head meanwhile. */
const FIRST_BLOCKS = 20;
/** Between two questions. */
const PAUSE_MS = 5;
const QUERY = '{ status { indexed { block } } }';

/** Follows a chain in each way, one after the other. @throws Error if a block is not answered or announced */
export async function measureHead(options: HeadBenchOptions): Promise<HeadResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-head-'));
  const server = await openEmbedded({ folder: join(folder, 'postgres'), ephemeral: true });
  const results: HeadResult[] = [];
  try {
    for (const way of options.ways) {
      const chain = await startAnvil({});
      const databaseUrl = await createDatabase(server.url, 'bench_head');
      try {
        await migrate(databaseUrl);
        results.push(await follow({ way, chain, databaseUrl, folder }, options));
      } finally {
        await chain.stop();
        await dropDatabase(server.url, databaseUrl);
      }
    }
    return results;
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Turn {
  readonly way: Way;
  readonly chain: Anvil;
  readonly databaseUrl: string;
  readonly folder: string;
}

async function follow(turn: Turn, options: HeadBenchOptions): Promise<HeadResult> {
  const { way, chain, databaseUrl } = turn;
  const ticking = await TickingChain.start(chain);
  const config = join(turn.folder, `${way}.yaml`);
  await writeFile(config, configOf(turn, ticking.token, options.pollMs));
  const stopping = new AbortController();
  const indexing = runIndexChild({
    config,
    chain: { id: chain.chainId, name: 'devnet' },
    databaseUrl,
    signal: stopping.signal,
    onProgress: () => undefined,
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  indexing.catch(() => undefined);
  const api = await Contender.start('ours', databaseUrl);
  const answers = new Latencies();
  const events = new Latencies();
  const client = createClient({ url: api.graphqlUrl('ws'), webSocketImpl: WebSocket });
  try {
    void hear(client, events);
    const asking = ask(api, answers, stopping.signal);
    asking.catch(() => undefined);
    await ticking.tick({ ...options, blocks: FIRST_BLOCKS }, () => undefined);
    const caughtUp = Number(await chain.rpc.call<string>('eth_blockNumber'));
    await Promise.race([
      indexing,
      Promise.all([answers.reached(caughtUp), events.reached(caughtUp)]),
    ]);
    await ticking.tick(options, (height) => {
      const at = performance.now();
      answers.mined(height, at);
      events.mined(height, at);
    });
    const last = caughtUp + options.blocks;
    await Promise.race([indexing, Promise.all([answers.reached(last), events.reached(last)])]);
    stopping.abort();
    await asking;
    return { way, answerMs: answers.sorted(), subscriptionMs: events.sorted() };
  } finally {
    stopping.abort();
    await client.dispose();
    await api.stop();
    await indexing;
  }
}

/** Asks one question after the other. Without a pause it would take the cores from the indexer. */
async function ask(api: Contender, answers: Latencies, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    answers.saw(heightIn(JSON.parse(await api.askText(QUERY)) as Status), performance.now());
    await delay(PAUSE_MS);
  }
}

async function hear(client: ReturnType<typeof createClient>, events: Latencies): Promise<void> {
  for await (const event of client.iterate({ query: `subscription ${QUERY}` })) {
    events.saw(heightIn(event as Status), performance.now());
  }
}

interface Status {
  readonly data?: {
    readonly status:
      | { indexed: { block: number } | null }
      | readonly { indexed: { block: number } | null }[];
  } | null;
}

function heightIn({ data }: Status): number {
  const status = [data?.status ?? []].flat()[0];
  return status?.indexed?.block ?? -1;
}

function configOf({ way, chain }: Turn, token: string, pollMs: number): string {
  const poll = way === 'poll' ? [`    headPollSeconds: ${pollMs / 1_000}`] : [];
  return [
    'chains:',
    `  - id: ${chain.chainId}`,
    '    name: devnet',
    `    rpc: ${way === 'poll' ? chain.url : chain.url.replace(/^http/, 'ws')}`,
    '    finality: 10',
    ...poll,
    '    audit: false',
    '    cache: false',
    '    tokens:',
    `      - address: "${token}"`,
    '',
  ].join('\n');
}
