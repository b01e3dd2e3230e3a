/** `npm run prove:life -- --seed N`: everything in a config may change, at any time. */
import { Command, InvalidArgumentError } from 'commander';
import { describeLife } from './life/describeLife.js';
import { proveLife } from './life/proveLife.js';

const options = new Command('prove:life')
  .description(
    'Change the config of a living chain again and again: contracts, labels, mappings, feeds, start blocks, ' +
      'factories. Meanwhile the process is killed, the newest blocks are replaced and the node answers wrongly. ' +
      'Then compare every row and ledger hash with those of a fresh index of the last config, and audit every holder.',
  )
  .option('--steps <number>', 'steps; about half of them change the config', positive, 60)
  .option('--seed <number>', 'makes the same choices again (default: drawn)', positive)
  .option('--no-deep', 'no reorgs deeper than finality')
  .addHelpText('after', '\nExample:\n  npm run prove:life -- --steps 20 --seed 7')
  .parse()
  .opts<{ steps: number; seed?: number; deep: boolean }>();

const { steps, seed = Math.floor(Math.random() * 1_000_000), deep } = options;
const say = (line: string) => void process.stderr.write(`[seed ${seed}] ${line}\n`);
const startedAt = Date.now();
const report = await proveLife({ steps, seed, deep, say });
for (const line of [...report.differences, ...report.mismatches].slice(0, 20)) say(line);
const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(`seed ${seed}: ${describeLife(report)} (${seconds} s)\n`);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(report.differences.length + report.mismatchCount === 0 ? 0 : 1);

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
