import type { Command } from 'commander';
import type pg from 'pg';
import { loadConfig } from '../config/load.js';
import { ImoError } from '../errors.js';
import { connectClient } from '../store/database/postgres.js';
import { type AlteredBlock, findAlteredBlock } from '../store/ledgerHash/alteredBlock.js';
import { describeBlock } from './compare/blockDifference.js';
import { type Deployment, firstDifference } from './compare/deployment.js';
import { localDeployment } from './compare/local.js';
import { remoteDeployment } from './compare/remote.js';
import { formatCount } from './output/rate.js';
import { type CommonOptions, parseWholeNumber, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

interface CompareOptions extends CommonOptions {
  readonly chain?: number;
  readonly stored?: boolean;
}

export function addCompareVerb(program: Command): void {
  verb(program, 'compare', {
    summary: 'find the first block where two deployments differ',
    description:
      'Compares the ledger hash of every chain with that of another deployment, through its GraphQL API, up to the last block ' +
      'that both have hashed. First it hashes our own rows again, so it also finds a row that was changed later. At the first ' +
      'block that differs, it shows both hashes and what each side has there.\n\n' +
      'Both sides must index the same contracts with the same labels.',
    example: 'imo-ledger compare http://other.example:4350/graphql',
    exits: {
      0: 'both sides are equal as far as both are hashed',
      1: 'a block differs, or the comparison failed',
    },
  })
    .argument('<url>', 'the GraphQL API of the other deployment')
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option('--stored', 'trust our stored hashes: do not hash our rows again')
    .action(runCompare);
}

async function runCompare(url: string, options: CompareOptions): Promise<void> {
  const config = await loadConfig(options.config, process.env);
  const chainIds = config.chains.map(({ id }) => id);
  const { chain } = options;
  if (chain !== undefined && !chainIds.includes(chain)) {
    throw new ImoError(
      'CHAIN_NOT_CONFIGURED',
      `there is no chain ${chain} in ${options.config}, which has ${chainIds.join(', ')}`,
      'Add it to the config, or choose one of these with --chain.',
    );
  }
  const theirs = remoteDeployment(url);
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const client = await connectClient({ connectionString: database.url });
    try {
      let equal = true;
      for (const id of chain === undefined ? chainIds : [chain]) {
        equal = (await compareChain(client, theirs, id, options.stored === true)) && equal;
      }
      if (!equal) process.exitCode = 1;
    } finally {
      await client.end();
    }
  });
}

/** @returns whether the two are equal as far as both go. */
async function compareChain(
  client: pg.Client,
  theirs: Deployment,
  chainId: number,
  trustsStored: boolean,
): Promise<boolean> {
  const ours = localDeployment(client);
  const ends = await Promise.all([ours.hashedTo(chainId), theirs.hashedTo(chainId)]);
  const upTo = Math.min(...ends.map((end) => end ?? -1));
  if (upTo < 0) throw nothingToCompare(chainId, ends[0] === null ? ours.name : theirs.name);
  const altered = trustsStored ? null : await findAlteredBlock(client, chainId, upTo);
  const different = await firstDifference(ours, theirs, chainId, upTo);
  if (altered !== null && altered.block <= (different ?? upTo)) {
    print(describeAltered(chainId, altered));
    print(await describeBlock(ours, theirs, chainId, altered.block));
    return false;
  }
  if (different === null) {
    const hash = await ours.hashAt(chainId, upTo);
    print(`chain ${chainId}: equal up to block ${formatCount(upTo)}, ledger hash ${hash}\n`);
    return true;
  }
  const hashes = await Promise.all([
    ours.hashAt(chainId, different),
    theirs.hashAt(chainId, different),
  ]);
  const width = Math.max(ours.name.length, theirs.name.length);
  print(
    `chain ${chainId}: the first difference is in block ${formatCount(different)}\n` +
      `  ${ours.name.padEnd(width)}  ${hashes[0]}\n` +
      `  ${theirs.name.padEnd(width)}  ${hashes[1]}\n`,
  );
  print(await describeBlock(ours, theirs, chainId, different));
  return false;
}

function describeAltered(chainId: number, { block, hashedAs, hashesTo }: AlteredBlock): string {
  return (
    `chain ${chainId}: our own rows of block ${formatCount(block)} were changed after they were hashed\n` +
    `  hashed as  ${hashedAs}\n` +
    `  now        ${hashesTo}\n`
  );
}

function nothingToCompare(chainId: number, name: string): ImoError {
  return new ImoError(
    'COMPARE_NOTHING',
    `no block of chain ${chainId} is hashed ${name === 'here' ? name : `at ${name}`}`,
    'Blocks are hashed soon after they are final, once the backfill is done; `imo-ledger status` shows it.',
  );
}

function print(text: string): void {
  process.stdout.write(text);
}
