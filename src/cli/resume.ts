import type { Command } from 'commander';
import { type Address, checksummed } from '../address.js';
import { loadConfig } from '../config/load.js';
import { formatCount } from './output/rate.js';
import { chooseChains } from './wiring/chooseChains.js';
import { type CommonOptions, parseAddress, parseWholeNumber, verb } from './wiring/options.js';
import { withDatabase } from './wiring/withDatabase.js';

interface ResumeOptions extends CommonOptions {
  readonly chain?: number;
}

export function addResumeVerb(program: Command): void {
  verb(program, 'resume', {
    summary: 'let the books of a held contract continue',
    description:
      'Lets a held contract continue. A contract is held when its books cannot continue without a guess: its figures stay ' +
      'those of the last correct block, and the other contracts continue. `status` shows the reason and what to do.\n\n' +
      'First remove the cause (use another node, another policy or a new version) and stop `index`. Then run this command: it ' +
      'rolls the chain back to the last correct block, and the next `index` reads the later blocks of all contracts of the ' +
      'chain again. For a price feed, only its prices are read again.',
    example: 'imo-ledger resume 0xe5018913F2fdf33971864804dDB5fcA25C539032 && imo-ledger index',
  })
    .argument('<address>', 'the held contract', parseAddress)
    .option('--chain <id>', 'its chain, if the config has several', parseWholeNumber)
    .action(runResume);
}

async function runResume(address: Address, options: ResumeOptions): Promise<void> {
  const config = await loadConfig(options.config, process.env);
  const [chain] = chooseChains(config, { ...options, needsOne: `resume ${address}` });
  if (chain === undefined) return;
  await withDatabase({ config: options.config }, async (database) => {
    const { assertSchemaCurrent } = await import('../store/database/migrate.js');
    await assertSchemaCurrent(database.url);
    const { resumeContract } = await import('../processor/run/resume.js');
    const { hold, from } = await resumeContract(database.url, chain.id, address);
    const start = from === null ? 'its first block' : `block ${formatCount(from + 1)}`;
    const again =
      hold.kind === 'feed'
        ? 'reads all prices of this feed again, and no block twice'
        : `reads ${chain.name} again from ${start}`;
    process.stdout.write(
      `${checksummed(address)} is no longer held. It was held since block ` +
        `${formatCount(hold.block)} (${hold.code}).\n` +
        `The next \`imo-ledger index\` ${again}.\n`,
    );
  });
}
