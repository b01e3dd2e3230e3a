/** `npm run prove:scale -- --rounds 5 --seed N`: many machines, as processes of this one. */
import { Command, InvalidArgumentError } from 'commander';
import { endFile } from '../support/endOfFile.js';
import { hasPgbouncer } from '../support/programs/pgbouncer.js';
import type { Ages } from './scale/blockClock.js';
import { PromotedPair } from './scale/databasePair.js';
import { missingForPatroni, PatroniPair } from './scale/patroniPair.js';
import { LOST, PAUSED, proveScale, scaleFaults } from './scale/proveScale.js';
import { LAG_SECONDS } from './scale/topology.js';

const { rounds, seed, clients, promote } = new Command('prove:scale')
  .description(
    'Index two chains into a primary with a streaming standby, and serve them by two API servers behind nginx and ' +
      'PgBouncer. Promote the standby under load, pause replay, break connections and kill processes. Clients must ' +
      'get every answer, and every figure must be that of the contract.',
  )
  .option('--rounds <number>', 'each with every disturbance', wholeNumber, 5)
  .option('--promote', 'promote the standby ourselves, without Patroni, etcd and HAProxy', false)
  .option('--clients <number>', 'that ask at once', wholeNumber, 12)
  .option('--seed <number>', 'repeats chains and questions (default: drawn)', wholeNumber)
  .addHelpText('after', '\nExample:\n  npm run prove:scale -- --rounds 5 --seed 7')
  .parse()
  .opts<{ rounds: number; clients: number; promote: boolean; seed?: number }>();

const say = (line: string) => void process.stderr.write(`${line}\n`);
if (!(await hasPgbouncer())) {
  say('PgBouncer is missing: apt-get install pgbouncer nginx-light');
  process.exit(1);
}
const drawn = seed ?? Math.floor(Math.random() * 1_000_000);
say(`seed ${drawn}`);
const missing = promote ? [] : await missingForPatroni();
if (missing.length > 0)
  say(`${missing.join(', ')} missing: this program promotes the standby itself`);
const isPatroni = !promote && missing.length === 0;
const startedAt = Date.now();
const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const)
  process.once(name, () => stopped.abort(new Error(`stopped by ${name}`)));
const report = await proveScale({
  seed: drawn,
  rounds,
  clients,
  pauseMs: 0,
  chains: { operations: 200, indexed: 6 },
  answersBetween: 200,
  earlierBlocks: 6,
  openPair: () => (isPatroni ? PatroniPair.create() : PromotedPair.create()),
  say,
  signal: stopped.signal,
});
await endFile();
const faults = scaleFaults(report);
for (const line of faults.slice(0, 20)) say(line);
const { served, failed, stale, retries, cacheHits, refusals, ages, agesIn } = report;
const refused = [...refusals].map(([what, count]) => `${count} × ${what}`).join(', ');
process.stdout.write(
  `seed ${drawn}: ${report.operations} operations, ${report.disturbances} disturbances, ${report.failOvers} fail-overs, ` +
    `${report.kills} processes killed; ${served} requests served, ${failed.length} failed, ${retries} retries (${refused}), ` +
    `${stale.length} answers before the wanted block; ${ages.answers} answers of the newest block, bound ${LAG_SECONDS} s: ` +
    `${agesText(ages)}; replay paused: ${agesText(agesIn.get(PAUSED))}; fail-over: ${agesText(agesIn.get(LOST))}; ` +
    `${report.conflicts} statements cancelled by recovery, ${cacheHits} cache hits; ` +
    `${report.figures} figures and ${report.rows} rows compared, ${report.differences.length} differences, ` +
    `${faults.length} faults (${((Date.now() - startedAt) / 1000).toFixed(0)} s)\n`,
);
process.exit(faults.length === 0 ? 0 : 1);

function agesText(ages: Ages | undefined): string {
  if (ages === undefined) return 'no answers';
  const { answers, old, primaryMs, nodeMs } = ages;
  return `${old} of ${answers} behind the primary, by ${primaryMs.toFixed(0)} ms at most, and ${nodeMs.toFixed(0)} ms behind the node`;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
