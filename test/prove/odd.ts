/** `npm run prove:odd -- --contracts 200 --seed N`: contracts of any rules, none silently wrong. */
import { Command, InvalidArgumentError } from 'commander';
import { BASE_NAMES, ODDITY_NAMES } from './odd/oddities.js';
import { describeVerdicts, isSilent } from './odd/oddReport.js';
import { proveOdd } from './odd/proveOdd.js';
import { PROVEN } from './odd/seeds.js';
import { withProofServer } from './proofServer.js';

const options = new Command('prove:odd')
  .description(
    'Compose revenue tokens at random from known and unknown rules, drive them at random and ' +
      'index them: every figure equals the contract at the head and at 20 earlier blocks, or the ' +
      'contract is refused, held or marked.',
  )
  .option('--contracts <number>', 'how many', wholeNumber, 12)
  .option('--proven', 'every rule once in 12 contracts, as the tests have it')
  .option('--seed <number>', 'repeats a run exactly (default: drawn)', wholeNumber)
  .addHelpText('after', '\nExample:\n  npm run prove:odd -- --contracts 200 --seed 7')
  .parse()
  .opts<{ contracts: number; proven?: boolean; seed?: number }>();

const { contracts, proven = false, seed = Math.floor(Math.random() * 1_000_000) } = options;
const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${seed}, ${contracts} contracts`);
/** With each contract: enough for about eight snapshots. */
const OPERATIONS = 45;
const startedAt = Date.now();
const choice = proven ? PROVEN : { bases: BASE_NAMES, oddities: ODDITY_NAMES };
const verdicts = await withProofServer((newDatabase) =>
  proveOdd({ seed, contracts, operations: OPERATIONS, choice, newDatabase, say }),
);
const { details, summary } = describeVerdicts(verdicts);
for (const line of details) say(line);
const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
process.stdout.write(`seed ${seed}: ${summary} (${seconds} s)\n`);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(verdicts.some(isSilent) ? 1 : 0);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}
