/**
 * `npm run bench:sparse -- --blocks 300000`: a chain of which every n-th block concerns the token.
 * Seconds, calls, bytes, CPU and memory of each way to read it, against the least that is possible.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { startAnvil } from '../devnet/anvil.js';
import { PROJECT_ROOT } from '../src/projectRoot.js';
import { openEmbedded } from '../src/store/embedded.js';
import { migrate } from '../src/store/migrate.js';
import type { ProcessUsage } from './ingest/usageProbe.js';
import { liveToken } from './sparse/life.js';
import { StretchedNode, type Traffic } from './sparse/stretchedNode.js';

const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '300000' },
    every: { type: 'string', default: '500' },
    dense: { type: 'string', default: '0' },
    only: { type: 'string', default: 'floor,ranges,state' },
    verbose: { type: 'boolean', default: false },
  },
});

const COMPILED = join(PROJECT_ROOT, 'dist', 'bench');
const PROBE = join(COMPILED, 'ingest', 'usageProbe.js');
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Result extends ProcessUsage, Traffic {
  readonly seconds: number;
}

await main();

async function main(): Promise<void> {
  const factor = Number(values.every);
  const real = Math.floor(Number(values.blocks) / factor);
  const anvil = await startAnvil({ genesisTimestamp: 1_750_000_000, historyBlocks: real + 100 });
  const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-sparse-'));
  const database = await openEmbedded({ folder, ephemeral: true });
  try {
    const token = await liveToken(anvil, real);
    const denseEvery = Number(values.dense);
    let floorSeconds = 0;
    let rows: string | null = null;
    for (const name of values.only.split(',')) {
      const node = await StretchedNode.start(anvil, { factor, denseEvery }, token.address);
      const from = node.heightOf(token.deploymentBlock);
      const url = await newDatabase(database.url, `sparse_${name}`);
      const args = [node.url, token.address, String(from), String(node.head - 11), url, name];
      const { traffic, ...result } = await measure(
        name === 'floor' ? 'floor' : 'child',
        args,
        node,
      );
      node.close();
      if (name === 'floor') floorSeconds = result.seconds;
      say(describe(name, node.head, { ...result, ...traffic }, floorSeconds));
      if (values.verbose) {
        const { byMethod, requestsByMethod, millisecondsByMethod } = traffic;
        say(JSON.stringify({ byMethod, requestsByMethod, millisecondsByMethod }));
      }
      if (name === 'floor') continue;
      const found = await booked(url);
      if (rows !== null && rows !== found)
        throw new Error(`${name} booked ${found}, others ${rows}`);
      rows = found;
    }
    say(`rows: ${rows}`);
  } finally {
    await database.close();
    await anvil.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  script: 'floor' | 'child',
  args: readonly string[],
  node: StretchedNode,
): Promise<ProcessUsage & { seconds: number; traffic: Traffic }> {
  const usageFile = join(await mkdtemp(join(tmpdir(), 'imo-ledger-usage-')), 'usage.json');
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    ['--import', PROBE, join(COMPILED, 'sparse', `${script}.js`), ...args],
    {
      env: { ...process.env, BENCH_USAGE_FILE: usageFile },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`${script} ended with exit code ${exitCode}`);
  const seconds = (performance.now() - startedAt) / 1000;
  const usage = JSON.parse(await readFile(usageFile, 'utf8')) as ProcessUsage;
  return { ...usage, seconds, traffic: node.traffic };
}

function describe(name: string, blocks: number, result: Result, floorSeconds: number): string {
  const { seconds, calls, requests, bytes, cpuSeconds, peakMegabytes } = result;
  const ratio = floorSeconds === 0 ? '' : `, ${(seconds / floorSeconds).toFixed(2)} × floor`;
  return (
    `${name}: ${blocks} blocks in ${seconds.toFixed(1)} s${ratio}, ${calls} calls in ${requests} requests, ` +
    `${(bytes / 1e6).toFixed(1)} MB, ${cpuSeconds.toFixed(1)} s CPU, ${peakMegabytes.toFixed(0)} MB memory`
  );
}

async function newDatabase(serverUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  await migrate(url.href);
  return url.href;
}

/** Counts of rows: the same for every way to read. */
async function booked(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const counts: string[] = [];
  for (const table of ['transfer', 'receipt', 'snapshot', 'claim', 'redemption', 'posting']) {
    const { rows } = await client.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    counts.push(`${table} ${rows[0]?.count}`);
  }
  await client.end();
  return counts.join(', ');
}
