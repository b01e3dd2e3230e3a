/** `npm run fuzz:api -- --requests 20000 --seed N`: nothing that clients send breaks the server. */
import { setTimeout as delay } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import { LiveDemo, type Progress } from './fuzz/liveDemo.js';
import { runFuzz } from './fuzz/runFuzz.js';

const { requests, seed = Math.floor(Math.random() * 1_000_000) } = new Command('fuzz:api')
  .description(
    'Send malformed, hostile and heavy requests to the server of `imo-ledger demo`, whose chain ' +
      'lives on and is indexed meanwhile. No answer may be a 5xx that is not on purpose, or show ' +
      'anything of the inside; memory must not grow for ever, and the indexer must keep up.',
  )
  .option('--requests <number>', 'how many', positive, 20_000)
  .option('--seed <number>', 'makes the same requests again (default: drawn)', positive)
  .parse()
  .opts<{ requests: number; seed?: number }>();

const WARM_UP = 0.25;
/** Blocks behind the node, while it is asked all the time. */
const LAG_AT_MOST = 20;
/** From the first quarter to the end: more is a leak. */
const GROWTH_AT_MOST_MB = 300;
const LOOK_EVERY_MS = 1_000;

const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${seed}`);
const demo = await LiveDemo.start();
say(`${demo.url}; ${requests} requests`);
const startedAt = Date.now();
const before = await demo.progress();
const seen = { lag: 0, megabytes: 0, warm: 0, done: 0 };
const watch = setInterval(() => void look(), LOOK_EVERY_MS);
const { statuses, violations } = await runFuzz(demo, {
  requests,
  seed,
  onProgress: (done) => {
    seen.done = done;
    if (done % 1_000 === 0)
      say(`${done} requests, ${seen.megabytes.toFixed(0)} MB, lag ${seen.lag}`);
  },
});
clearInterval(watch);
const faults = [...violations, ...(await check(before))];
await demo.stop();

for (const fault of faults.slice(0, 20)) say(fault);
const answers = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ');
const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(
  `seed ${seed}: ${requests} requests (${answers}), ${faults.length} faults, ` +
    `at most ${seen.lag} blocks behind, ${seen.warm.toFixed(0)} MB, then at most ` +
    `${seen.megabytes.toFixed(0)} MB (${seconds} s)\n`,
);
process.exit(faults.length === 0 ? 0 : 1);

async function look(): Promise<void> {
  try {
    const megabytes = await demo.megabytes();
    if (seen.done < requests * WARM_UP) seen.warm = Math.max(seen.warm, megabytes);
    seen.megabytes = Math.max(seen.megabytes, megabytes);
    seen.lag = Math.max(seen.lag, (await demo.progress()).lagBlocks);
  } catch (error) {
    say(`not to be looked at: ${String(error)}`);
  }
}

/** Of clients that have gone: the server hears of it a moment later. */
async function subscriptionsLeft(): Promise<number> {
  for (let look = 0; look < 10; look++) {
    if ((await demo.subscriptions()) === 0) return 0;
    await delay(LOOK_EVERY_MS);
  }
  return demo.subscriptions();
}

async function check(start: Progress): Promise<string[]> {
  if (!demo.isAlive) return ['the server has ended'];
  const end = await demo.progress();
  const faults: string[] = [];
  if (end.indexedBlock <= start.indexedBlock) faults.push('no block was indexed meanwhile');
  if (seen.lag > LAG_AT_MOST) faults.push(`the indexer was ${seen.lag} blocks behind`);
  const left = await subscriptionsLeft();
  if (left !== 0) faults.push(`${left} subscriptions are left over of clients that have gone`);
  if (seen.megabytes > seen.warm + GROWTH_AT_MOST_MB) {
    faults.push(`memory grew from ${seen.warm.toFixed(0)} to ${seen.megabytes.toFixed(0)} MB`);
  }
  return faults;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
