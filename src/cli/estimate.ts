import type { Command } from 'commander';
import { loadConfig } from '../config/load.js';
import type { ChainConfig } from '../config/types.js';
import { PRICE_LIST, unitsOf } from './estimate/priceList.js';
import { factoryLines } from './output/factoryLines.js';
import { chooseChains } from './wiring/chooseChains.js';
import { type CommonOptions, parseCount, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';

interface EstimateOptions extends CommonOptions {
  readonly chain?: number;
  readonly blocks: number;
}

const SAMPLED_BLOCKS = 4_000;

export function addEstimateVerb(program: Command): void {
  verb(program, 'estimate', {
    summary: 'measure what indexing a chain will take',
    description:
      'Measures what `index` would cost. It reads some blocks of all contracts of the config like `index`, with all proofs, ' +
      'and extrapolates the calls, bytes, minutes and price of the whole. It writes nothing. Prices are those that providers ' +
      'published on the date shown.',
    example: 'imo-ledger estimate\nimo-ledger estimate --chain 1 --blocks 20000',
  })
    .option('--chain <id>', 'only the chain with this id', parseWholeNumber)
    .option('--blocks <n>', 'blocks to read at most', parseCount, SAMPLED_BLOCKS)
    .action(runEstimate);
}

async function runEstimate(options: EstimateOptions): Promise<void> {
  const config = await loadConfig(options.config, process.env);
  const signal = shutdownSignal();
  for (const chain of chooseChains(config, { ...options, needsOne: null })) {
    process.stdout.write(await estimateText(chain, options.blocks, signal));
  }
}

/** An estimate for the whole chain from a sample. */
export async function estimateText(
  chain: ChainConfig,
  blocks: number,
  signal: AbortSignal,
): Promise<string> {
  const { measureSample } = await import('../processor/sample.js');
  // Each window of the sample says how its blocks are found.
  const said = new Set<string>();
  const onWarning = (line: string) => {
    if (!said.has(line)) process.stderr.write(`${line}\n`);
    said.add(line);
  };
  const sample = await measureSample(chain, { blocks, onWarning, signal });
  const { range, calls, finders } = sample;
  const total = range.to - range.from + 1;
  const factor = total / Math.max(sample.blocks, 1);
  const hits = Math.round(sample.hits * factor);
  const all = new Map([...calls].map(([method, count]) => [method, Math.ceil(count * factor)]));
  // The books ask for the balance at each block that concerns a token.
  all.set('eth_getBalance', (all.get('eth_getBalance') ?? 0) + hits);
  const count = [...all.values()].reduce((sum, number) => sum + number, 0);
  const lines = [
    `${chain.name}: blocks ${number(range.from)} to ${number(range.to)}, ${number(total)} in all`,
    `  sample    ${number(sample.blocks)} blocks by ${finders.join(', ')}: ${sample.hits} hits, ` +
      `${number(sum(calls))} calls, ${sample.seconds.toFixed(1)} s`,
    `  whole     about ${number(hits)} hits, ${number(count)} calls, ` +
      `${number(Math.round((sample.bytes * factor) / 1e6))} MB, ` +
      `${((sample.seconds * factor) / 60).toFixed(1)} minutes`,
    ...[...all]
      .sort((a, b) => b[1] - a[1])
      .map(([method, times]) => `            ${method} ${number(times)}`),
    ...PRICE_LIST.map((price) => {
      const units = unitsOf(all, price);
      const cost =
        price.usdPerMillion === null
          ? price.unitsPerDay === null
            ? ''
            : `, ${(units / price.unitsPerDay).toFixed(1)} days of a plan`
          : `, ${((units / 1e6) * price.usdPerMillion).toFixed(2)} USD`;
      return (
        `  ${price.provider}: ${number(units)} ${price.unit}${cost} (${price.readOn}, ${price.source}; ${price.plan}; ` +
        `not verified: ${price.unverified.join(', ')})`
      );
    }),
    ...factoryLines(sample.factories, ''),
    '  Wider ranges than in the sample take fewer calls. Your own node, and the public Portal, cost nothing per call.',
  ];
  return `${lines.join('\n')}\n`;
}

function sum(calls: ReadonlyMap<string, number>): number {
  return [...calls.values()].reduce((total, times) => total + times, 0);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
