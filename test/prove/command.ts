import { Command, InvalidArgumentError, Option } from 'commander';
import type { AuditComparison } from '../../src/audit/questions/question.js';
import { withProofServer } from './proofServer.js';
import { PROOF_SOURCES, type ProofSource } from './proofSource.js';
import type { ProofOptions } from './proveExact.js';

/** Runs a proof from the command line; exit code 1 if a single figure differs. */
export async function runProof(
  name: string,
  description: string,
  prove: (
    options: ProofOptions,
  ) => Promise<AuditComparison & { readonly held?: readonly string[] }>,
  { hasNodes = false }: { readonly hasNodes?: boolean } = {},
): Promise<never> {
  const command = new Command(name)
    .description(description)
    .option('--ops <number>', 'random operations', wholeNumber, 3000)
    .option('--seed <number>', 'repeats a run exactly (default: drawn)', wholeNumber)
    .option('--partitions', 'books in partitioned tables, two tokens in each partition', false)
    .addHelpText('after', `\nExample:\n  npm run ${name} -- --ops 3000 --seed 7`);
  const source = new Option('--source <kind>', 'how final blocks are read (default: by itself)');
  command.addOption(source.choices([...PROOF_SOURCES]));
  if (hasNodes) {
    const nodes = new Option('--nodes <kind>', 'what answers: a good node, or odd ones in turn');
    command.addOption(nodes.choices(['good', 'odd']).default('good'));
  }
  const options = command.parse().opts<{
    ops: number;
    partitions: boolean;
    seed?: number;
    nodes?: 'good' | 'odd';
    source?: ProofSource;
  }>();
  const { ops, seed = Math.floor(Math.random() * 1_000_000), nodes } = options;
  const startedAt = Date.now();
  const {
    figures,
    mismatches,
    held = [],
  } = await withProofServer(
    (newDatabase) =>
      prove({
        ops,
        seed,
        newDatabase,
        say,
        ...(nodes === undefined ? {} : { nodes }),
        ...(options.source === undefined ? {} : { source: options.source }),
      }),
    { hasPartitions: options.partitions },
  );
  for (const { figure, token, block, ours, contract } of mismatches.slice(0, 20)) {
    say(`MISMATCH ${figure} of ${token} at block ${block}: ours ${ours}, contract ${contract}`);
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(
    `seed ${seed}: ${ops} operations, ${figures} figures compared, ` +
      `${mismatches.length} mismatches${held.length === 0 ? '' : `, ${held.length} books held`} (${seconds} s)\n`,
  );
  // The Subsquid runner is still there and has to be ended with the process.
  process.exit(mismatches.length === 0 ? 0 : 1);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number.');
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
