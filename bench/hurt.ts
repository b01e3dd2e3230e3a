/**
 * `npm run bench:hurt -- --size 100000`: indexes blocks that were made to hurt, each at a quarter of the
 * size and at the whole. Seconds, CPU and memory of the indexer; what grows more than the size fails.
 * `--once`: at the whole size alone, without a verdict.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startAnvil } from '../devnet/anvil.js';
import { PROJECT_ROOT } from '../src/projectRoot.js';
import { migrate } from '../src/store/database/migrate.js';
import { openEmbedded } from '../src/store/embedded/embedded.js';
import { hurt, SCENES, type SceneName, startHurting } from './hurt/scenes.js';
import { createDatabase } from './ingest/databases.js';
import type { ProcessUsage } from './ingest/usageProbe.js';
import { namesOf, wholeNumber } from './optionValues.js';
import type { ChildTask } from './sparse/child.js';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '100000' },
    only: { type: 'string', default: Object.keys(SCENES).join(',') },
    once: { type: 'boolean', default: false },
    /** A folder for CPU profiles of the indexer. */
    profiles: { type: 'string' },
  },
});

const whole = wholeNumber('size', values.size, 1);
const names = namesOf('only', values.only, Object.keys(SCENES) as SceneName[]);
const COMPILED = join(PROJECT_ROOT, 'dist', 'bench');
/** CPU time per thing may grow by half from a quarter of the size to the whole: quadratic is four times. */
const GROWTH_AT_MOST = 1.5;
/** What starting the process and its first queries take, in CPU seconds: measured with size 0. */
const FINAL = 10;
const say = (line: string) => process.stdout.write(`${line}\n`);

const folder = await mkdtemp(join(tmpdir(), 'imo-ledger-hurt-'));
const database = await openEmbedded({ folder, ephemeral: true });
try {
  const idle = values.once ? null : await measure('calls', 1);
  if (idle !== null) say(`idle: ${text(idle)}`);
  let isBad = false;
  for (const name of names) {
    if (idle === null) {
      say(`${name} ${whole}: ${text(await measure(name, whole))}`);
      continue;
    }
    const part = await measure(name, Math.round(whole / 4));
    const all = await measure(name, whole);
    const growth = (all.cpuSeconds - idle.cpuSeconds) / (part.cpuSeconds - idle.cpuSeconds) / 4;
    // What takes no time grows as it likes.
    const isWorse = growth > GROWTH_AT_MOST && all.cpuSeconds > 2 * idle.cpuSeconds;
    isBad ||= isWorse;
    say(
      `${name} ${whole}: ${text(all)}, ${growth.toFixed(2)} × linear${isWorse ? ' TOO MUCH' : ''}`,
    );
  }
  if (isBad) process.exitCode = 1;
} finally {
  await database.close();
  await rm(folder, { recursive: true, force: true });
}
process.exit(process.exitCode ?? 0);

type Measured = ProcessUsage & { readonly seconds: number };

/** Indexes a chain with one such block, in a process of its own. */
async function measure(name: SceneName, size: number): Promise<Measured> {
  const anvil = await startAnvil({
    genesisTimestamp: 1_750_000_000,
    args: ['--no-request-size-limit'],
  });
  try {
    const scene = await startHurting(anvil, name, size);
    const url = await createDatabase(database.url, `hurt_${name}_${size}`);
    await migrate(url);
    const { address, deploymentBlock } = scene.token;
    const task: Omit<ChildTask, 'to'> = {
      rpcUrl: anvil.url,
      token: `0x${address.slice(2)}`,
      from: deploymentBlock,
      databaseUrl: url,
      finder: 'ranges',
      portalUrl: null,
      cacheFolder: null,
      mayBeHeld: name === 'views',
    };
    // A contract that answers like that from the start is refused.
    if (name === 'views') await indexed({ ...task, to: deploymentBlock });
    const to = await hurt(anvil, { name, size, final: FINAL }, scene);
    return await indexed({ ...task, to });
  } finally {
    await anvil.stop();
  }
}

async function indexed(task: ChildTask): Promise<Measured> {
  const usageFile = join(folder, 'usage.json');
  const startedAt = performance.now();
  const probe = join(COMPILED, 'ingest', 'usageProbe.js');
  const child = spawn(
    process.execPath,
    [...profiling(), '--import', probe, join(COMPILED, 'sparse', 'child.js'), JSON.stringify(task)],
    {
      env: { ...process.env, BENCH_USAGE_FILE: usageFile },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const [exitCode] = (await once(child, 'exit')) as [number | null];
  if (exitCode !== 0) throw new Error(`the indexer ended with exit code ${exitCode}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { ...(JSON.parse(await readFile(usageFile, 'utf8')) as ProcessUsage), seconds };
}

function profiling(): readonly string[] {
  const { profiles } = values;
  return profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
}

function text({ seconds, cpuSeconds, peakMegabytes }: Measured): string {
  return `${seconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s CPU, ${peakMegabytes.toFixed(0)} MB`;
}
