import type { Command } from 'commander';
import { type Address, checksummed } from '../address.js';
import { loadConfig } from '../config/load.js';
import { ImoError } from '../errors.js';
import type { DatabaseClient } from '../store/database/postgres.js';
import type { TokenPartitions } from '../store/partitions/detachChain.js';
import type { DetachedPartition } from '../store/partitions/detached.js';
import { partitionList } from './output/partitionList.js';
import { formatCount } from './output/rate.js';
import { createCopyReporter } from './progress/copyProgress.js';
import { chooseChains } from './wiring/chooseChains.js';
import { type CommonOptions, parseAddress, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { noteOnce, withDatabase } from './wiring/withDatabase.js';

interface PartitionVerbOptions extends CommonOptions {
  readonly chain?: number;
  readonly alone?: boolean;
  readonly tablespace?: string;
  readonly json?: boolean;
}

const ACTIONS = ['list', 'detach', 'attach', 'move'] as const;
type Action = (typeof ACTIONS)[number];

export function addPartitionVerb(program: Command): void {
  const added = verb(program, 'partition', {
    summary: 'show, move, detach or attach the partitions of a token or a chain',
    description:
      'Works on the partitions that `imo-ledger migrate --partitions` makes. Other tokens are not touched.\n\n' +
      'list     shows the partitions: numbers, tokens, rows (an estimate), size, tablespace; and the detached tokens\n' +
      'move     --alone gives a token partitions of its own, --tablespace puts them on another disk. Rows are copied ' +
      'while readers read on; `index` must be stopped\n' +
      'detach   takes the partitions of an archived token out of the tables: to drop them from the working set, or to move ' +
      'them away. Answers say that the token is detached (BOOKS_DETACHED). The rows stay, as tables of their own\n' +
      'attach   puts them back, after a comparison of all rows with what was detached, and of its blocks with the chain\n\n' +
      'Without an address, --chain takes all tokens of the chain: move all of them, detach the archived ones, attach the detached ones.',
    example:
      'imo-ledger partition list\n' +
      'imo-ledger partition move 0xe5018913F2fdf33971864804dDB5fcA25C539032 --alone --tablespace archive\n' +
      'imo-ledger partition detach 0xe5018913F2fdf33971864804dDB5fcA25C539032\n' +
      'imo-ledger partition attach 0xe5018913F2fdf33971864804dDB5fcA25C539032',
  });
  added
    .addArgument(added.createArgument('<action>', 'what to do').choices(ACTIONS))
    .argument('[address]', 'the token; without it: all tokens of --chain', parseAddress)
    .option(
      '--chain <id>',
      'its chain, if the config has several; without an address: all its tokens',
      parseWholeNumber,
    )
    .option('--alone', 'move: to partitions without any other token')
    .option('--tablespace <name>', 'move: to this tablespace of the server')
    .option('--json', 'for programs: one object')
    .action(runPartition);
}

async function runPartition(
  action: Action,
  address: Address | undefined,
  options: PartitionVerbOptions,
): Promise<void> {
  if (action === 'list') return list(options);
  if (address === undefined && options.chain === undefined) {
    throw new ImoError(
      'PARTITION_TOKEN_MISSING',
      `partition ${action} does not say which token`,
      `Name it: \`imo-ledger partition ${action} ADDRESS\`, or a chain with all its tokens: \`imo-ledger partition ${action} --chain ID\`. \`imo-ledger partition list\` shows the tokens.`,
    );
  }
  const what = address === undefined ? `chain ${options.chain}` : checksummed(address);
  const isNothing = action === 'move' && !options.alone && options.tablespace === undefined;
  if (isNothing) {
    throw new ImoError(
      'PARTITION_MOVE_WHERE',
      `partition move of ${what} does not say where`,
      'Add --alone, --tablespace NAME, or both.',
    );
  }
  const config = await loadConfig(options.config, process.env);
  const [chain] = chooseChains(config, { ...options, needsOne: `partition ${action} ${what}` });
  if (chain === undefined) return;
  if (action === 'move') return move(chain.id, address, options);
  return detachOrAttach(action, chain.id, address, options);
}

async function list({ config, json }: PartitionVerbOptions): Promise<void> {
  await withDatabase({ config }, async ({ url }) => {
    await assertCurrent(url);
    const { listPartitions, readNumberedTokens } = await import(
      '../store/partitions/listPartitions.js'
    );
    const { readDetachedTokens } = await import('../store/partitions/detached.js');
    const found = await withClient(url, async (client) => ({
      partitions: await listPartitions(client),
      tokens: await readNumberedTokens(client),
      detached: await readDetachedTokens(client),
    }));
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : partitionList(found));
  });
}

async function move(
  chainId: number,
  address: Address | undefined,
  {
    config,
    alone = false,
    tablespace = null,
    json,
  }: Omit<PartitionVerbOptions, 'tablespace'> & { readonly tablespace?: string | null },
): Promise<void> {
  await withDatabase({ config, writes: true }, async ({ url }) => {
    await assertCurrent(url);
    const { moveTokens } = await import('../store/partitions/moveTokens.js');
    const addresses = address === undefined ? await allTokens(url, chainId) : [address];
    const reporter = createCopyReporter('moving');
    const replaced = await moveTokens(url, chainId, addresses, {
      isAlone: alone,
      tablespace,
      signal: shutdownSignal(),
      onProgress: (progress) => reporter.update(progress),
      onWaiting: (table) => noteOnce(`${table} is copied: waiting for readers that began earlier`),
    }).finally(() => reporter.stop());
    const names = addresses.map(checksummed);
    const moved = address === undefined ? { addresses: names } : { address: names[0] };
    process.stdout.write(
      json
        ? `${JSON.stringify({ chainId, ...moved, replaced })}\n`
        : `${names.join(', ')}: ${replaced === 0 ? 'the partitions are there already' : `${replaced} partitions were replaced`}\n`,
    );
  });
}

async function allTokens(url: string, chainId: number): Promise<readonly Address[]> {
  const { tokensOfChain } = await import('../store/partitions/tokensOfChain.js');
  const { archived, continuing } = await withClient(url, (client) =>
    tokensOfChain(client, chainId),
  );
  return [...archived, ...continuing];
}

async function detachOrAttach(
  action: 'detach' | 'attach',
  chainId: number,
  address: Address | undefined,
  { config, json }: PartitionVerbOptions,
): Promise<void> {
  await withDatabase({ config, writes: true }, async ({ url }) => {
    await assertCurrent(url);
    const { announceCommit } = await import('../store/write/commitNotice.js');
    const options = {
      signal: shutdownSignal(),
      // Servers that keep answers read the books again.
      announce: (db: DatabaseClient, fromBlock: number, toBlock: number) =>
        announceCommit(db, { chainId, kind: 'rollback', fromBlock, toBlock }),
    };
    const lines: object[] = [];
    const onDone = (token: TokenPartitions) => {
      if (json) lines.push(doneFacts(token));
      else process.stdout.write(doneLine(action, token));
    };
    const continuing = await withClient(url, async (client): Promise<readonly Address[]> => {
      const { detachChain } = await import('../store/partitions/detachChain.js');
      const { attachChain } = await import('../store/partitions/attachChain.js');
      const { detachToken } = await import('../store/partitions/detachToken.js');
      const { attachToken } = await import('../store/partitions/attachToken.js');
      if (address === undefined) {
        if (action === 'detach') {
          return detachChain(client, chainId, { ...options, onDetached: onDone });
        }
        await attachChain(client, chainId, { ...options, onAttached: onDone });
      } else if (action === 'detach') {
        onDone({ address, partitions: await detachToken(client, chainId, address, options) });
      } else onDone(await attachToken(client, chainId, address, options));
      return [];
    });
    if (json) {
      const done =
        address === undefined
          ? { tokens: lines, continuing: continuing.map(checksummed) }
          : lines[0];
      process.stdout.write(`${JSON.stringify({ chainId, action, ...done })}\n`);
    } else if (continuing.length > 0) {
      process.stdout.write(
        `not detached: ${continuing.map(checksummed).join(', ')}; the books continue\n`,
      );
    }
  });
}

function doneFacts({ address, partitions }: TokenPartitions): object {
  return { address: checksummed(address), rows: rowsOf(partitions), partitions };
}

function doneLine(action: 'detach' | 'attach', { address, partitions }: TokenPartitions): string {
  const names = partitions.map((partition) => partition.name).join(', ');
  const rows = formatCount(rowsOf(partitions));
  return `${checksummed(address)} is ${action}ed: ${rows} rows in ${partitions.length} tables, ${names}\n`;
}

function rowsOf(partitions: readonly DetachedPartition[]): number {
  return partitions.reduce((sum, partition) => sum + partition.rows, 0);
}

async function assertCurrent(url: string): Promise<void> {
  const { assertSchemaCurrent } = await import('../store/database/migrate.js');
  await assertSchemaCurrent(url);
}

async function withClient<T>(
  url: string,
  work: (client: DatabaseClient) => Promise<T>,
): Promise<T> {
  const { connectClient } = await import('../store/database/postgres.js');
  const { refuseDistributed, SHARDS_HINT } = await import('../store/distributed/distribution.js');
  const client = await connectClient({
    connectionString: url,
    application_name: 'imo-ledger partition',
  });
  try {
    await refuseDistributed(client, '`partition`', SHARDS_HINT);
    return await work(client);
  } finally {
    await client.end();
  }
}
