import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { checksummed } from '../address.js';
import type { Initialised } from '../init/init.js';
import { errorText } from './output/errorReport.js';
import { progressLine } from './progress/progressLine.js';
import { type CommonOptions, parseWholeNumber, verb } from './wiring/options.js';
import { shutdownSignal } from './wiring/shutdown.js';

interface InitOptions extends CommonOptions {
  readonly rpc?: string;
  readonly portal?: string;
  readonly chain?: number;
  readonly estimate: boolean;
}

/** Few enough for a far endpoint: `imo-ledger estimate` reads more. */
const SAMPLED_BLOCKS = 1_000;

export function addInitVerb(program: Command): void {
  verb(program, 'init', {
    summary: 'write an imo.yaml from the address of a contract',
    description:
      'Writes an imo.yaml that works, from the address of a revenue token, an AI oracle, a collection or a sale, or from ' +
      'the name of a known deployment: olm, ora (docs/init.md).\n\n' +
      'It finds the chain, the policy of a token with its evidence, the deployment block, and the oracles, collections and ' +
      'sales among its payers and first holders. Comments say why each one was found. What is only likely is commented out. ' +
      'An existing file gets new entries and keeps all else. Nothing is written if anything fails.\n\n' +
      'A URL that may contain a key is not written: the file names an environment variable such as RPC_ETHEREUM. On a ' +
      'terminal, it asks for what is missing.',
    example:
      `RPC_ETHEREUM=https://… imo-ledger init 0xe5018913F2fdf33971864804dDB5fcA25C539032 --rpc '$\{RPC_ETHEREUM}'\n` +
      'imo-ledger init olm --portal https://portal.sqd.dev/datasets/ethereum-mainnet\n' +
      'imo-ledger init 0x… --rpc http://localhost:8545 --config my.yaml',
  })
    .argument('[address...]', 'addresses of contracts, or names of known deployments')
    .option('--rpc <url>', `JSON-RPC endpoint of an archive node; may contain $\{NAME}`)
    .option('--portal <url>', `SQD Portal that finds blocks; may contain $\{NAME}`)
    .option('--chain <id>', 'the chain that the endpoint must serve', parseWholeNumber)
    .option('--no-estimate', 'do not measure what a first index will take')
    .action(runInit);
}

async function runInit(names: readonly string[], options: InitOptions): Promise<void> {
  const { writeFirstManifest } = await import('../init/init.js');
  const signal = shutdownSignal();
  const line = progressLine();
  const say = (text: string) => {
    line.clear();
    process.stdout.write(`${text}\n`);
  };
  const asking = askTerminal();
  try {
    const result = await writeFirstManifest({
      names,
      path: options.config,
      rpc: options.rpc ?? null,
      portal: options.portal ?? null,
      chain: options.chain ?? null,
      env: process.env,
      ask: asking.ask,
      progress: line.show,
      say,
      signal,
    });
    for (const text of resultLines(result, options.config)) say(text);
    if (options.estimate) say(await costText(result, signal));
    for (const text of nextLines(result, options.config)) say(text);
  } finally {
    line.clear();
    asking.close();
  }
}

/** Somebody can be asked where both ends are a terminal. */
function askTerminal() {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return { ask: null, close: () => undefined };
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return {
    ask: async (question: string, suggestion: string | null) => {
      const shown = suggestion === null ? '' : ` [${suggestion}]`;
      return (await terminal.question(`${question}${shown}: `)).trim() || (suggestion ?? '');
    },
    close: () => terminal.close(),
  };
}

function resultLines({ found }: Initialised, path: string): string[] {
  const certain = found.filter(({ isCertain }) => isCertain);
  const likely = found.length - certain.length;
  return [
    '',
    ...found.flatMap(({ list, address, isCertain, comments }) => [
      `${checksummed(address)}  ${list}${isCertain ? '' : ' (only likely: commented out)'}`,
      ...comments.map((comment) => `    ${comment}`),
    ]),
    '',
    `Wrote ${path}: ${certain.length === 1 ? '1 contract' : `${certain.length} contracts`}${likely === 0 ? '' : `, and ${likely} that are only likely as comments`}.`,
  ];
}

/** The manifest is written whatever the estimate comes to. */
async function costText({ chain }: Initialised, signal: AbortSignal): Promise<string> {
  const { estimateText } = await import('./estimate.js');
  try {
    return `\nWhat a first index will take:\n${(await estimateText(chain, SAMPLED_BLOCKS, signal)).trimEnd()}`;
  } catch (error) {
    const { code = 'UNEXPECTED', hint = '' } = error as { code?: string; hint?: string };
    const message = error instanceof Error ? error.message : String(error);
    return `\nThe cost could not be measured.\n${errorText({ code, message, hint }).trimEnd()}`;
  }
}

function nextLines({ variables }: Initialised, path: string): string[] {
  const config = path === 'imo.yaml' ? '' : ` --config ${path}`;
  return [
    '',
    'Next:',
    ...variables.map(
      (name) => `  export ${name}=…   # the URL that you gave; ${path} names the variable`,
    ),
    `  npx imo-ledger index${config}`,
  ];
}
