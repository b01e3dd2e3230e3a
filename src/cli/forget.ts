import type { Command } from 'commander';
import { type Address, checksummed } from '../address.js';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { ImoError } from '../errors.js';
import type { ArchiveRecord } from '../store/read/chains/archives.js';
import { formatCount } from './output/rate.js';
import { createForgetReporter } from './progress/forgetProgress.js';
import { chooseChains } from './wiring/chooseChains.js';
import { confirm } from './wiring/confirm.js';
import { type CommonOptions, parseAddress, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

interface ForgetOptions extends CommonOptions {
  readonly chain?: number;
  readonly yes?: boolean;
}

export function addForgetVerb(program: Command): void {
  verb(program, 'forget', {
    summary: 'delete the archived books of a contract',
    description:
      'Deletes the books of a contract that the config no longer names. `index` archives such books: they stay readable, ' +
      'marked with the block at which they end, until this command deletes them.\n\n' +
      'It asks for a confirmation on a terminal; elsewhere it needs --yes. The books disappear from every answer at once. ' +
      'Their rows go in small pieces, so `index` and `serve` may run meanwhile. If the command is interrupted, ' +
      '`index` deletes the rest. Only another index of the contract brings the books back.',
    example: 'imo-ledger forget 0xe5018913F2fdf33971864804dDB5fcA25C539032 --yes',
  })
    .argument('<address>', 'the contract', parseAddress)
    .option('--chain <id>', 'its chain, if the config has several', parseWholeNumber)
    .option('--yes', 'do it without a question')
    .action(runForget);
}

async function runForget(address: Address, options: ForgetOptions): Promise<void> {
  const signal = shutdownSignal({ isPatient: true });
  const config = await loadConfig(options.config, process.env);
  const [chain] = chooseChains(config, { ...options, needsOne: `forget ${address}` });
  if (chain === undefined) return;
  assertNotInConfig(chain, address, options.config);
  await withDatabase({ config: options.config, writes: true }, async ({ url }) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(url);
    const { archivedBooks, forgetBooks } = await import('../processor/run/forget.js');
    const books = await archivedBooks(url, chain.id, address);
    await confirm(`All books of ${described(books)} on ${chain.name} are deleted for good.`, {
      ...options,
      signal,
    });
    const reporter = createForgetReporter();
    const deletedRows = await forgetBooks(url, chain.id, address, {
      onProgress: (rows) => reporter.update(rows),
      signal,
    }).finally(() => reporter.stop());
    const name = checksummed(address);
    process.stdout.write(
      deletedRows === null
        ? `The books of ${name} are forgotten. \`imo-ledger index\` deletes the rest of their rows.\n`
        : `The books of ${name} are forgotten: ${formatCount(deletedRows)} rows and blocks were deleted.\n`,
    );
  });
}

/** @throws ImoError `FORGET_IN_CONFIG` */
function assertNotInConfig(chain: ChainConfig, address: Address, path: string): void {
  const { tokens, oracles, collections, sales } = chain;
  const named = [...tokens, ...oracles, ...collections, ...sales];
  if (!named.some((contract) => contract.address === address)) return;
  throw new ImoError(
    'FORGET_IN_CONFIG',
    `${path} names ${checksummed(address)} on ${chain.name}: \`imo-ledger index\` would index it again`,
    'Nothing is changed. Take the contract out of the config, let `imo-ledger index` archive it, then forget it.',
  );
}

function described(books: readonly ArchiveRecord[]): string {
  return books
    .map(
      ({ kind, address, startBlock, archivedBlock }) =>
        `${kind} ${checksummed(address)} (blocks ${formatCount(startBlock)} to ${formatCount(archivedBlock)})`,
    )
    .join(' and ');
}
