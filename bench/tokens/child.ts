/** Indexes what a factory created in a process of its own, and says what opening and ingest took. */
import { id } from 'ethers';
import { z } from 'zod';
import { FINDER_KINDS } from '../../src/config/source/finderKinds.js';
import { runIndexer } from '../../src/processor/run.js';

const task = z.object({
  rpcUrl: z.string(),
  factory: z.templateLiteral(['0x', z.string()]),
  to: z.int(),
  databaseUrl: z.string(),
  finder: z.enum(FINDER_KINDS),
});
export type TokensTask = z.input<typeof task>;

/** What a part of the run took. */
export interface Taken {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export interface TokensResult {
  /** Until the first block is read: the contracts are found and examined. */
  readonly opening: Taken;
  readonly ingest: Taken;
  readonly operations: number;
  readonly peakMegabytes: number;
}

const { rpcUrl, factory, to, databaseUrl, finder } = task.parse(JSON.parse(process.argv[2] ?? ''));
const startedAt = performance.now();
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const since = (at: number, cpu: number): Taken => ({
  seconds: (performance.now() - at) / 1000,
  cpuSeconds: cpuSeconds() - cpu,
});
let opened: { readonly at: number; readonly cpu: number; readonly taken: Taken } | null = null;
let operations = 0;
const event = { fragment: 'event TokenCreated(address indexed token, address creator)' };

await runIndexer({
  chain: {
    id: 31_337,
    name: 'tokens',
    rpcUrl,
    fallbackRpcUrls: [],
    gatewayUrl: null,
    source: { finders: [finder], blocksAtLeast: 1 },
    finalityConfirmation: 10,
    startBlock: null,
    headPollIntervalSeconds: 0.1,
    labels: [],
    sales: [],
    collections: [],
    oracles: [],
    tokens: [],
    factories: [
      {
        makes: 'token',
        factory,
        event: { ...event, topic: id('TokenCreated(address,address)') },
        field: 'token',
        startBlock: null,
        policy: 'auto',
        assets: [],
      },
    ],
  },
  databaseUrl,
  toBlock: to,
  onProgress: (progress) => {
    opened ??= { at: performance.now(), cpu: cpuSeconds(), taken: since(startedAt, 0) };
    operations = progress.operations;
  },
  onWarning: (line) => process.stderr.write(`${line}\n`),
  signal: new AbortController().signal,
});
const { at = startedAt, cpu = 0, taken = since(startedAt, 0) } = opened ?? {};
const result: TokensResult = {
  opening: taken,
  ingest: since(at, cpu),
  operations,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
