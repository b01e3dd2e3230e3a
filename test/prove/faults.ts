/** `npm run prove:faults -- --minutes 10 --seed N`: survives everything, and is right after it. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { describeReport } from './faults/faultReport.js';
import { HOSTILITIES } from './faults/hostiles.js';
import { proveFaults } from './faults/proveFaults.js';
import { FAULT_SOURCES, type FaultSource } from './faults/sourceDeal.js';

const options = new Command('prove:faults')
  .description(
    'Index a chain under random operations while the process is killed, the database restarted, ' +
      'the newest blocks replaced and the node answers wrongly; then compare every row with those ' +
      'of a clean index, and audit every holder.',
  )
  .option(
    '--minutes <number>',
    'how long at least: all that is planned for it is done',
    positive,
    10,
  )
  .option('--seed <number>', 'makes the same choices again (default: drawn)', positive)
  .addOption(
    new Option(
      '--source <kind>',
      'where final blocks come from, with its own faults: services that break off, refuse, lag or ' +
        'follow another fork; a cache that is damaged, or whose writer is killed. ' +
        'all: one after the other, dealt by the seed; blocks: each one is read from the node',
    )
      .choices(FAULT_SOURCES)
      .default('all'),
  )
  .option('--no-lies', 'only RPC faults of the transport, no wrong answers')
  .option(
    '--no-hostile',
    'without the token that pays out what no rule explains, the one that is drained, the one whose ' +
      'asset shrinks, and the storm of frames',
  )
  .option('--no-deep', 'no reorgs deeper than finality')
  .addHelpText('after', '\nExample:\n  npm run prove:faults -- --minutes 1 --seed 7')
  .parse()
  .opts<{
    minutes: number;
    seed?: number;
    lies: boolean;
    deep: boolean;
    hostile: boolean;
    source: FaultSource;
  }>();

const {
  minutes,
  seed = Math.floor(Math.random() * 1_000_000),
  lies,
  deep,
  hostile,
  source,
} = options;
const say = (line: string) => void process.stderr.write(`${line}\n`);
const startedAt = Date.now();
const hostilities = hostile ? HOSTILITIES : [];
const report = await proveFaults({ minutes, seed, lies, deep, hostilities, source, say });
for (const line of [...report.differences, ...report.mismatches].slice(0, 20)) say(line);
const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(`seed ${seed}: ${describeReport(report)} (${seconds} s)\n`);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(report.differences.length + report.mismatchCount === 0 ? 0 : 1);

function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}
