/** `npm run attack:api -- --seconds 60`: no client keeps the others from their answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { openDataset } from '../../bench/api/dataset.js';
import { CHAIN_ID, HEAD_BLOCK, TOKENS } from '../../bench/api/datasetSql.js';
import { withClient } from '../../bench/ingest/databases.js';
import { buildApiSchema } from '../../src/api/schema.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { HonestOptions, HonestReport } from './attack/honest.js';
import type { KnownBooks } from './attack/queries.js';
import { runAttack } from './attack/runAttack.js';

const P99_AT_MOST_MS = 1_000;
const MEGABYTES_AT_MOST = 1_024;
/** Of V8: a small machine. */
const HEAP_MEGABYTES = 512;

const options = new Command('attack:api')
  .description(
    'Send costly requests to a server over the books of a million holders: from many clients, from one, ' +
      'from slow ones and from those that disconnect. Meanwhile an honest client asks cheap questions. ' +
      `Its p99 has to be under ${P99_AT_MOST_MS} ms and none of its requests refused; the server has a heap ` +
      `of ${HEAP_MEGABYTES} MB.`,
  )
  .option('--holders <number>', 'of the largest token', positive, 1_000_000)
  .option('--seconds <number>', 'how long', positive, 60)
  .option('--attackers <number>', 'that ask at once, of each kind', positive, 32)
  .option('--seed <number>', 'makes the same requests again (default: drawn)', positive)
  .parse()
  .opts<{ holders: number; seconds: number; attackers: number; seed?: number }>();
const { holders, seconds, attackers, seed = Math.floor(Math.random() * 1_000_000) } = options;

const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${seed}`);
const database = await openDataset({ holders }, say);
const server = await startServer(database.url);
const seen = { megabytes: 0 };
const watch = setInterval(() => void look(), 500);
try {
  const books = await knownBooks(database.url);
  const { url } = server;
  const asked = askHonestly({ url, accounts: books.accounts, seconds, seed });
  const schema = buildApiSchema();
  const endsAt = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() > endsAt;
  const attack = { url, schema, books, isOver, seed, attackers };
  const { outcomes, attacks } = await runAttack(attack);
  const honest = await asked;
  const faults = [
    ...honest.refused.slice(0, 5).map((fault) => `the honest client was refused: ${fault}`),
    ...(honest.p99Ms > P99_AT_MOST_MS
      ? [`p99 of the honest client: ${honest.p99Ms.toFixed(0)} ms`]
      : []),
    ...(seen.megabytes > MEGABYTES_AT_MOST ? [`memory: ${seen.megabytes.toFixed(0)} MB`] : []),
    ...(server.child.exitCode === null ? [] : ['the server has ended']),
  ];
  for (const fault of faults) say(fault);
  const answers = [...outcomes].map(([outcome, count]) => `${count} × ${outcome}`).join(', ');
  process.stdout.write(
    `seed ${seed}: ${holders} holders, ${attacks} attacks (${answers}); honest client: ` +
      `${honest.requests} requests, ${honest.refused.length} refused, p50 ${honest.p50Ms.toFixed(0)} ms, ` +
      `p99 ${honest.p99Ms.toFixed(0)} ms, at most ${honest.maxMs.toFixed(0)} ms; at most ` +
      `${seen.megabytes.toFixed(0)} MB; ${faults.length} faults (${seconds} s)\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  clearInterval(watch);
  if (server.child.exitCode === null) {
    server.child.kill('SIGTERM');
    await once(server.child, 'exit');
  }
  await database.close();
}

async function startServer(databaseUrl: string): Promise<{ url: string; child: ChildProcess }> {
  const script = join(PROJECT_ROOT, 'dist', 'test', 'prove', 'attack', 'serveAttacked.js');
  const flags = (process.env.ATTACK_FLAGS ?? '').split(' ').filter(Boolean);
  const child = spawn(
    process.execPath,
    [`--max-old-space-size=${HEAP_MEGABYTES}`, ...flags, script],
    {
      env: { ...process.env, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', process.env.ATTACK_LOG === undefined ? 'ignore' : 'inherit'],
    },
  );
  const [url] = await once(createInterface({ input: child.stdout }), 'line');
  return { url: String(url), child };
}

async function askHonestly(of: HonestOptions): Promise<HonestReport> {
  const script = join(PROJECT_ROOT, 'dist', 'test', 'prove', 'attack', 'honestClient.js');
  const child = spawn(process.execPath, [script, JSON.stringify(of)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(String(line)) as HonestReport;
}

async function look(): Promise<void> {
  const status = await readFile(`/proc/${server.child.pid}/status`, 'utf8').catch(() => '');
  const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
  seen.megabytes = Math.max(seen.megabytes, kilobytes / 1024);
}

async function knownBooks(databaseUrl: string): Promise<KnownBooks> {
  const rows = await withClient(databaseUrl, async (client) => {
    const answer = await client.query<{ account: Buffer }>(
      'SELECT account FROM holder WHERE token_number = 1 LIMIT 500',
    );
    return answer.rows;
  });
  const accounts = rows.map(({ account }) => `0x${account.toString('hex')}`);
  const tokens = TOKENS.map(({ address }) => address);
  return { chainId: CHAIN_ID, tokens, accounts, headBlock: HEAD_BLOCK };
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
