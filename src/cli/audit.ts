import { type Command, Option } from 'commander';
import type pg from 'pg';
import { checksummed } from '../address.js';
import { DRAWN_BLOCKS } from '../audit/background/firstAudit.js';
import { ChainViews } from '../audit/questions/chainViews.js';
import { runAudit } from '../audit/run.js';
import { removeState, saveState } from '../audit/state.js';
import { ChainNode } from '../chain/node.js';
import { PoolConnection } from '../chain/rpc/connection/poolConnection.js';
import { PooledClient } from '../chain/rpc/connection/pooledClient.js';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import { newPool } from '../store/database/postgres.js';
import { readTokens } from '../store/read/tokens/tokens.js';
import { continues } from '../store/registry/continues.js';
import { type ChainVerdict, verdictJson, verdictText } from './output/auditReport.js';
import { createAuditReporter } from './progress/auditProgress.js';
import { type AuditChoice, startingState, statePath } from './wiring/auditStart.js';
import { chooseChains } from './wiring/chooseChains.js';
import {
  type CommonOptions,
  parseAddress,
  parseBlockNumber,
  parseCount,
  parseWholeNumber,
  verb,
} from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

interface AuditVerbOptions extends CommonOptions, AuditChoice {
  readonly chain?: number;
  readonly json?: boolean;
  readonly multicall: boolean;
  readonly rate: number;
}

/** What the audit of one chain needs to know. */
export type ChainAuditOptions = Pick<
  AuditVerbOptions,
  'token' | 'at' | 'holders' | 'earlier' | 'resume' | 'state' | 'multicall' | 'rate'
>;

export const DEFAULT_CALLS_PER_SECOND = 300;
/** To the node, each about a page of holders. `--rate` limits their calls. */
const REQUESTS_AT_ONCE = 8;

export function addAuditVerb(program: Command): void {
  verb(program, 'audit', {
    summary: 'compare the books with the contracts',
    description:
      'Compares the books with the contracts at one block: totals, balances, what every holder can claim of each open ' +
      'snapshot and redeem, ERC-20 assets, private pools where the storage layout is known, oracles, collections, sales. ' +
      'It also audits some earlier blocks, because a figure that was wrong only for a while does not show at the newest ' +
      'block. A mismatch is shown with both numbers, and with the operations of its account since they last agreed.\n\n' +
      'An interrupted audit continues with --resume. The node must have the state of the block.',
    example:
      'imo-ledger audit\n' +
      'imo-ledger audit --at 21000000 --chain 1 --holders sample 1000 --json\n' +
      'imo-ledger audit --token 0xe5018913F2fdf33971864804dDB5fcA25C539032 --resume',
    exits: { 0: 'every figure agrees', 1: 'a figure differs, or the audit failed' },
  })
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option('--token <address>', 'only this token and its sales', parseAddress)
    .option(
      '--at <block>',
      'a block number, or latest: the newest indexed block (default)',
      parseBlock,
    )
    .addOption(
      new Option('--holders <choice...>', 'all (default), or `sample N`: N holders of each token'),
    )
    .option(
      '--earlier <n>',
      'also audit this many earlier blocks of each token, drawn at random, and those around the ' +
        'first operation of each kind',
      parseWholeNumber,
      DRAWN_BLOCKS,
    )
    .option('--no-earlier', 'audit only the block of --at')
    .option('--json', 'for programs: an array with one object per chain')
    .option('--resume', 'continue an interrupted audit')
    .option('--no-multicall', 'send views in JSON-RPC batches, not many in one call')
    .option(
      '--rate <n>',
      'maximum calls to the node per second',
      parseCount,
      DEFAULT_CALLS_PER_SECOND,
    )
    .option('--state <folder>', 'folder for the state of an interrupted audit', '.imo-ledger')
    .action(runVerb);
}

async function runVerb(options: AuditVerbOptions): Promise<void> {
  const signal = shutdownSignal();
  const config = await loadConfig(options.config, process.env);
  const { at } = options;
  const needsOne = typeof at === 'number' ? `--at ${at}` : null;
  const chains = chooseChains(config, { ...options, needsOne });
  await withDatabase({ config: options.config }, async (database) => {
    const db = newPool({ connectionString: database.url, application_name: 'imo-ledger audit' });
    try {
      const { assertSchemaCurrent } = await import('../store/database/migrate.js');
      await assertSchemaCurrent(database.url);
      const verdicts: ChainVerdict[] = [];
      for (const chain of await chainsWith(db, chains, options)) {
        const verdict = await auditChain(db, chain, options, signal);
        verdicts.push(verdict);
        if (!options.json) process.stdout.write(verdictText(verdict));
      }
      if (options.json) process.stdout.write(verdictJson(verdicts));
      for (const { id } of chains) await removeState(statePath(options, id));
      if (verdicts.some(({ state }) => state.mismatchCount > 0)) process.exitCode = 1;
    } finally {
      await db.end();
    }
  });
}

/** Of several chains those that have the token. */
async function chainsWith(
  db: pg.Pool,
  chains: readonly ChainConfig[],
  { token }: AuditVerbOptions,
): Promise<readonly ChainConfig[]> {
  if (token === undefined) return chains;
  const tokens = await readTokens(db, { address: token });
  const ids = new Set(tokens.filter(continues).map(({ chainId }) => chainId));
  const withToken = chains.filter(({ id }) => ids.has(id));
  if (withToken.length > 0) return withToken;
  const archived = tokens.find((record) => !continues(record));
  if (archived !== undefined) {
    throw new ImoError(
      'TOKEN_ARCHIVED',
      `the books of ${checksummed(token)} are archived: they end at block ${archived.archivedBlock}, and its ` +
        'contract has moved on',
      'Put the token back into the config to index and audit it.',
    );
  }
  throw new ImoError(
    'UNKNOWN_TOKEN',
    `${token} is not an indexed token`,
    'Add it to the config and index it, or name an indexed one.',
  );
}

export async function auditChain(
  db: pg.Pool,
  chain: ChainConfig,
  options: ChainAuditOptions,
  signal: AbortSignal,
): Promise<ChainVerdict> {
  const urls = [chain.rpcUrl, ...chain.fallbackRpcUrls];
  // A single endpoint of another chain is refused later, with more to say about it.
  const pool = new PoolConnection({ urls, chainId: urls.length > 1 ? chain.id : null });
  const node = new ChainNode(
    new PooledClient(pool, {
      capacity: REQUESTS_AT_ONCE,
      requestTimeoutMs: 20_000,
      retryAttempts: 4,
      rateLimit: options.rate,
    }),
  );
  const reporter = createAuditReporter(chain.name);
  const startedAt = performance.now();
  try {
    const path = statePath(options, chain.id);
    const from = await startingState(db, node, chain.id, options);
    const { multicall } = options;
    const state = await runAudit(
      {
        db,
        node,
        multicall,
        signal,
        onProgress: (progress) => reporter.update(progress),
        save: (reached) => saveState(path, reached),
        pagesAtOnce: REQUESTS_AT_ONCE,
      },
      from,
    );
    const views = await ChainViews.at(node, state.block, { multicall });
    const seconds = (performance.now() - startedAt) / 1000;
    return { chain, state, path: views.path, seconds };
  } finally {
    reporter.stop();
    node.close();
    pool.close();
  }
}

function parseBlock(text: string): number | 'latest' {
  return text === 'latest' ? text : parseBlockNumber(text);
}
