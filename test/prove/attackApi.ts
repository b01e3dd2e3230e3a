/** `npm run attack:api -- --seconds 60`: no client keeps the others from their answers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Command, InvalidArgumentError } from 'commander';
import { buildApiSchema } from '../../src/api/schema.js';
import { PROJECT_ROOT } from '../../src/projectRoot.js';
import type { HonestOptions, HonestReport } from './attack/honest.js';
import { runAttack } from './attack/runAttack.js';
import { booksTarget, demoTarget, HEAP_MEGABYTES } from './attack/target.js';

const P99_AT_MOST_MS = 1_000;
const MEGABYTES_AT_MOST = 1_024;
/** The chain of the demo has a block every second. */
const LAG_AT_MOST = 2;
const LOOK_EVERY_MS = 500;

const {
  holders,
  seconds,
  attackers,
  demo,
  seed = Math.floor(Math.random() * 1_000_000),
} = new Command('attack:api')
  .description(
    'Send costly requests to a server over the books of a million holders: from many clients, from one, ' +
      'from slow ones and from those that disconnect. Meanwhile an honest client asks cheap questions. ' +
      `Its p99 has to be under ${P99_AT_MOST_MS} ms and none of its requests refused; the server has a heap ` +
      `of ${HEAP_MEGABYTES} MB.`,
  )
  .option('--holders <number>', 'of the largest token', positive, 1_000_000)
  .option('--demo', 'attack the demo instead, whose chain is indexed meanwhile', false)
  .option('--seconds <number>', 'how long', positive, 60)
  .option('--attackers <number>', 'that ask at once, of each kind', positive, 32)
  .option('--seed <number>', 'makes the same requests again (default: drawn)', positive)
  .parse()
  .opts<{ holders: number; demo: boolean; seconds: number; attackers: number; seed?: number }>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${seed}`);
const target = demo ? await demoTarget() : await booksTarget(holders, say);
const seen = { megabytes: 0, lagBlocks: 0 };
const watch = setInterval(() => void look(), LOOK_EVERY_MS);
try {
  const { url, books, isForwarded } = target;
  const asked = askHonestly({ url, accounts: books.accounts, seconds, seed, isForwarded });
  const endsAt = performance.now() + seconds * 1_000;
  const isOver = () => performance.now() > endsAt;
  const schema = buildApiSchema();
  const { outcomes, attacks } = await runAttack({ url, schema, books, isOver, seed, attackers });
  const honest = await asked;
  const faults = faultsOf(honest);
  for (const fault of faults) say(fault);
  const answers = [...outcomes].map(([outcome, count]) => `${count} × ${outcome}`).join(', ');
  process.stdout.write(
    `seed ${seed}: ${demo ? 'the demo' : `${holders} holders`}, ${attacks} attacks (${answers}); honest client: ` +
      `${honest.requests} requests, ${honest.refused.length} refused, p50 ${honest.p50Ms.toFixed(0)} ms, ` +
      `p99 ${honest.p99Ms.toFixed(0)} ms, at most ${honest.maxMs.toFixed(0)} ms; at most ` +
      `${seen.megabytes.toFixed(0)} MB${demo ? ` and ${seen.lagBlocks} blocks behind` : ''}; ` +
      `${faults.length} faults (${seconds} s)\n`,
  );
  process.exitCode = faults.length === 0 ? 0 : 1;
} finally {
  clearInterval(watch);
  await target.stop();
}

function faultsOf({ refused, p99Ms }: HonestReport): string[] {
  const faults = refused.slice(0, 5).map((fault) => `the honest client was refused: ${fault}`);
  if (p99Ms > P99_AT_MOST_MS) faults.push(`p99 of the honest client: ${p99Ms.toFixed(0)} ms`);
  if (seen.megabytes > MEGABYTES_AT_MOST) faults.push(`memory: ${seen.megabytes.toFixed(0)} MB`);
  if (seen.lagBlocks > LAG_AT_MOST) faults.push(`${seen.lagBlocks} blocks behind`);
  if (!target.isAlive()) faults.push('the server has ended');
  return faults;
}

async function askHonestly(options: HonestOptions): Promise<HonestReport> {
  const script = join(PROJECT_ROOT, 'dist', 'test', 'prove', 'attack', 'honestClient.js');
  const child = spawn(process.execPath, [script, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return JSON.parse(String(line)) as HonestReport;
}

async function look(): Promise<void> {
  try {
    seen.megabytes = Math.max(seen.megabytes, await target.megabytes());
    seen.lagBlocks = Math.max(seen.lagBlocks, (await target.lagBlocks()) ?? 0);
  } catch (error) {
    say(`not to be looked at: ${String(error)}`);
  }
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
