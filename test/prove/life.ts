/** `npm run prove:life -- --seed N`: everything in a config may change, at any time. */
import { Command, InvalidArgumentError } from 'commander';
import { describeDraws, describeLife, neverDrawn } from './life/describeLife.js';
import { proveLife } from './life/proveLife.js';
import { FAILED_LIVES, type KnownLife } from './life/seeds.js';

/** A life of so many steps leaves nothing out. */
const WHOLE_STEPS = 60;

const options = new Command('prove:life')
  .description(
    'Change the config of a living chain again and again: contracts, labels, mappings, feeds, pools, ' +
      'factories. Meanwhile the process is killed, the newest blocks are replaced and the nodes fail. ' +
      'Then compare every row and ledger hash with those of a fresh index of the last config, and audit every holder.',
  )
  .option('--steps <number>', 'steps; about half of them change the config', positive, WHOLE_STEPS)
  .option('--seed <number>', 'makes the same choices again (default: drawn)', positive)
  .option('--no-deep', 'no reorgs deeper than finality')
  .option('--operations-before <number>', 'a shorter chain before it begins', positive)
  .option('--known', 'every life that once failed, one after the other')
  .addHelpText('after', '\nExample:\n  npm run prove:life -- --steps 20 --seed 7')
  .parse()
  .opts<{ steps: number; seed?: number; deep: boolean; known?: true; operationsBefore?: number }>();

const {
  seed = Math.floor(Math.random() * 1_000_000),
  steps,
  deep,
  operationsBefore,
  known = false,
} = options;
let isRight = true;
for (const life of known ? FAILED_LIVES : [{ seed, steps }]) isRight = (await run(life)) && isRight;
// The Subsquid runner is still there and has to be ended with the process.
process.exit(isRight ? 0 : 1);

async function run(life: KnownLife): Promise<boolean> {
  const say = (line: string) => void process.stderr.write(`[seed ${life.seed}] ${line}\n`);
  const startedAt = Date.now();
  const report = await proveLife({ ...life, deep, operationsBefore, say });
  for (const line of [...report.differences, ...report.mismatches].slice(0, 20)) say(line);
  say(describeDraws(report));
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(`seed ${life.seed}: ${describeLife(report)} (${seconds} s)\n`);
  const isWhole = life.steps < WHOLE_STEPS || neverDrawn(report.drawn).length === 0;
  return isWhole && report.differences.length + report.mismatchCount === 0;
}

function positive(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
