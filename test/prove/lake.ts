/** `npm run prove:lake -- --rounds 40 --seed N`: DuckDB over the lake equals the database. */
import { Command, InvalidArgumentError } from 'commander';
import { proveLake } from './lake/proveLake.js';
import { withProofServer } from './proofServer.js';

const { rounds, seed } = new Command('prove:lake')
  .description(
    'Let an offering live on a chain with reorgs near finality. Kill `imo-ledger lake` at random moments, ' +
      'let it merge the days that are over, and compare every row of the lake, read with DuckDB, with the database.',
  )
  .option('--rounds <number>', 'each with blocks, kills and a whole run', wholeNumber, 40)
  .option('--seed <number>', 'repeats the life (default: drawn)', wholeNumber)
  .addHelpText('after', '\nExample:\n  npm run prove:lake -- --rounds 40 --seed 7')
  .parse()
  .opts<{ rounds: number; seed?: number }>();

const drawn = seed ?? Math.floor(Math.random() * 1_000_000);
const startedAt = Date.now();
const say = (line: string) => void process.stderr.write(`${line}\n`);
say(`seed ${drawn}`);
const proof = await withProofServer((newDatabase) =>
  proveLake({ seed: drawn, rounds, newDatabase, say }),
);
for (const line of proof.differences.slice(0, 20)) say(`DIFFERENT ${line}`);
const { rows, comparisons, kills, reorgs, refusals, merged, tables, differences } = proof;
/** A table without rows was compared with nothing. */
const empty = Object.keys(tables).filter((name) => tables[name] === 0);
for (const name of empty) say(`NOT COMPARED ${name}: it has no rows; take more rounds`);
const inTables = Object.entries(tables).map(([name, count]) => `${name} ${count}`);
process.stdout.write(
  `seed ${drawn}: ${rounds} rounds, ${reorgs} reorgs, ${refusals} deep ones refused, ${kills} kills, ${merged} files ` +
    `merged, ${rows} rows in ${comparisons} comparisons, ${differences.length} differences (${((Date.now() - startedAt) / 1000).toFixed(0)} s)\n` +
    `in the lake: ${inTables.join(', ')}\n`,
);
// The Subsquid runner is still there and has to be ended with the process.
process.exit(differences.length + empty.length === 0 ? 0 : 1);

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}
