/** `npm run prove:reader -- --seed N --lives N`: every figure of every surface against every other. */
import { Command, InvalidArgumentError } from 'commander';
import { proveWorlds } from './reader/proveWorlds.js';
import { FAILED_RUNS } from './reader/seeds.js';

const options = new Command('prove:reader')
  .description(
    'Index the demo and random lives, and read the same figures on every surface: GraphQL, REST, the command ' +
      'line, exports, statements, tax files, claim plans, proofs, subscriptions, the client and the contracts. ' +
      'Compare every figure with every other, and sums in a currency with DuckDB.',
  )
  .option('--seed <number>', 'makes the same choices again (default: drawn)', wholeNumber)
  .option('--lives <number>', 'random lives', wholeNumber, 2)
  .option('--steps <number>', 'draws of each world', wholeNumber, 6)
  .option('--no-demo', 'random lives only')
  .option('--known', 'every run that once found a difference, one after the other')
  .addHelpText('after', '\nExample:\n  npm run prove:reader -- --seed 7 --lives 3')
  .parse()
  .opts<{ seed?: number; lives: number; steps: number; demo: boolean; known?: true }>();

const { seed = Math.floor(Math.random() * 1_000_000), lives, steps, demo, known } = options;
const runs = known === true ? FAILED_RUNS : [{ seed, lives, steps, demo }];
let isRight = true;
for (const run of runs) {
  const proven = await proveWorlds({
    ...run,
    say: (line) => void process.stderr.write(`[seed ${run.seed}] ${line}\n`),
    report: (line) => void process.stdout.write(`${line}\n`),
  });
  isRight = proven && isRight;
}
// The Subsquid runner is still there and has to be ended with the process.
process.exit(isRight ? 0 : 1);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
