import type { Command } from 'commander';
import type { Address } from '../address.js';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { connectClient, type DatabaseClient } from '../store/database/postgres.js';
import { readGroupHeads } from '../store/read/chains/groupHeads.js';
import { readIndexedChains } from '../store/read/chains/indexedContracts.js';
import { readCreated, readFactories } from '../store/registry/factories.js';
import { factoryLines, factoryRefusals } from './output/factoryLines.js';
import { plannedGroupLines, plannedGroups } from './output/groupLines.js';
import { chooseChains } from './wiring/chooseChains.js';
import { type CommonOptions, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';
import { withDatabase } from './wiring/withDatabase.js';

interface PlanOptions extends CommonOptions {
  readonly chain?: number;
  readonly json?: boolean;
  readonly search?: boolean;
}

export function addPlanVerb(program: Command): void {
  verb(program, 'plan', {
    summary: 'show what a change of the config means',
    description:
      'Shows what `index` will do with the config as it is now, compared with what is indexed (docs/changes.md):\n\n' +
      '  +  a contract, a label or a price feed is added; the history of a contract is read\n' +
      '  ~  a contract is booked again, with the reason\n' +
      '  -  a contract is archived; a label or a price feed is removed\n' +
      '  =  a change that gives the same books\n' +
      '  *  what a factory created\n' +
      '  ?  a factory that must be searched first\n\n' +
      'Of a chain that is indexed in groups, it shows how far each group is. ' +
      'It asks the chain about contracts that are new or have changed. It searches for what factories created ' +
      'where that takes at most 100 questions, or a Portal or gateway answers; it says the price first. It writes nothing. ' +
      '`index` prints the same when it starts.',
    example: 'imo-ledger plan\nimo-ledger plan --json | jq .[].rebooked',
    exits: {
      0: 'the config can be applied, or nothing changes',
      1: 'the config cannot be applied, or the command failed',
    },
  })
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option('--search', 'search for what factories created, whatever that takes')
    .option('--json', 'for programs: an array with one object per chain')
    .action(runPlan);
}

async function runPlan(options: PlanOptions): Promise<void> {
  const config = await loadConfig(options.config, process.env);
  const chosen = chooseChains(config, { ...options, needsOne: null });
  const search = { isWhole: options.search === true, signal: shutdownSignal() };
  await withDatabase({ config: options.config }, async ({ url }) => {
    const db = await connectClient({ connectionString: url });
    try {
      const outputs = [];
      for (const chain of chosen) outputs.push(await planOf(db, chain, search));
      const left = options.chain === undefined ? await leftChains(db, config.chains) : [];
      const { planJson } = await import('./output/planJson.js');
      if (options.json) process.stdout.write(planJson(outputs));
      else process.stdout.write(outputs.map(({ text }) => text).join('\n') + left.join(''));
      if (outputs.some(({ plan }) => plan.refused.length > 0)) process.exitCode = 1;
    } finally {
      await db.end();
    }
  });
}

/** The plan of one chain, and its text. */
async function planOf(
  db: DatabaseClient,
  chain: ChainConfig,
  search: { readonly isWhole: boolean; readonly signal: AbortSignal },
) {
  const { planChain } = await import('../plan/planChain.js');
  const { planCost } = await import('../plan/cost.js');
  const { planText } = await import('../plan/planText.js');
  const { BOOKING_VERSION } = await import('../processor/bookingVersions.js');
  const { foreseeCreations } = await import('../processor/factories/foreseeCreations.js');
  const { openPlanNode } = await import('../plan/openPlanNode.js');
  const opened = openPlanNode(chain);
  try {
    const known = {
      searched: await readFactories(db, chain.id),
      created: await readCreated(db, chain.id),
    };
    const hasFactories = (chain.factories ?? []).length > 0;
    const foreseen = hasFactories
      ? await foreseeCreations({
          ...{ chain, known, client: opened.client, ...search },
          node: await opened.checked(),
          onWarning: (line) => void process.stderr.write(`${line}\n`),
        })
      : { chain, created: new Set<Address>(), factories: [] };
    const { factories, ...effective } = foreseen;
    const request = { ...effective, versions: BOOKING_VERSION, node: () => opened.checked() };
    const planned = await planChain(db, request);
    const plan = { ...planned, refused: [...factoryRefusals(factories), ...planned.refused] };
    const cost = await planCost(db, plan);
    const stored = (await readGroupHeads(db)).filter(({ chainId }) => chainId === chain.id);
    const groups = plannedGroups(chain, stored);
    const more = [...factoryLines(factories), ...plannedGroupLines(groups, stored)];
    return { plan, cost, factories, groups, text: planText(plan, cost, more) };
  } finally {
    opened.close();
  }
}

/** A line for each chain of the database that the config does not have. */
async function leftChains(
  db: DatabaseClient,
  chains: readonly { readonly id: number }[],
): Promise<string[]> {
  const indexed = await readIndexedChains(db);
  return indexed
    .filter((id) => !chains.some((chain) => chain.id === id))
    .map(
      (id) =>
        `\nchain ${id} is not in the config: its books stay readable and are not continued.\n`,
    );
}
