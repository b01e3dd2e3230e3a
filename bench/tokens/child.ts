/** Indexes many tokens in a process of its own, and says what opening and ingest took. */
import { id } from 'ethers';
import { z } from 'zod';
import { FINDER_KINDS } from '../../src/config/source/finderKinds.js';
import type { IndexerOptions, IndexProgress } from '../../src/processor/indexerOptions.js';
import { runIndexer } from '../../src/processor/run.js';
import { runGroup } from '../../src/processor/runGroup.js';
import type { ServedChain } from '../node/child.js';

const address = z.templateLiteral(['0x', z.string()]);
const task = z.object({
  rpcUrl: z.string(),
  /** Names the tokens; left out: `tokens` does. */
  factory: address.optional(),
  tokens: z.array(address).default([]),
  /** The other contracts of the offering of the first token. */
  offering: z.object({ oracle: address, collection: address, sale: address }).nullish(),
  to: z.int(),
  databaseUrl: z.string(),
  finder: z.enum(FINDER_KINDS),
  /** Of the tokens, by processes of their own; left out: this process indexes all of them. */
  groups: z.array(z.object({ name: z.string(), contracts: z.array(address) })).default([]),
  /** That this process indexes. */
  group: z.string().nullish(),
});
export type TokensTask = Readonly<
  Omit<z.input<typeof task>, 'factory' | 'tokens' | 'offering' | 'groups'>
> & {
  readonly groups?: readonly { readonly name: string; readonly contracts: readonly string[] }[];
  readonly factory?: string;
  readonly tokens?: readonly string[];
  readonly offering?: ServedChain['offering'];
};

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

const { rpcUrl, factory, tokens, offering, to, databaseUrl, finder, groups, group } = task.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const startedAt = performance.now();
const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
const since = (at: number, cpu: number): Taken => ({
  seconds: (performance.now() - at) / 1000,
  cpuSeconds: cpuSeconds() - cpu,
});
const contracts = (one: `0x${string}` | undefined) =>
  one === undefined ? [] : [{ address: one, startBlock: null, label: null }];
let opened: { readonly at: number; readonly cpu: number; readonly taken: Taken } | null = null;
let operations = 0;
const event = { fragment: 'event TokenCreated(address indexed token, address creator)' };

const options = {
  chain: {
    groups,
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
    sales: (offering == null ? [] : [offering.sale]).map((one) => ({
      ...{ address: one, kind: 'fixed-price' as const, token: tokens[0] ?? '0x' },
      ...{ raiseAsset: null, startBlock: null, label: null, custom: null },
    })),
    collections: contracts(offering?.collection),
    oracles: contracts(offering?.oracle),
    tokens: tokens.map((one) => ({ address: one, policy: 'auto', startBlock: null, assets: [] })),
    factories: (factory === undefined ? [] : [factory]).map((one) => ({
      makes: 'token' as const,
      factory: one,
      event: { ...event, topic: id('TokenCreated(address,address)') },
      field: 'token',
      startBlock: null,
      policy: 'auto' as const,
      assets: [],
    })),
  },
  databaseUrl,
  toBlock: to,
  onProgress: (progress: IndexProgress) => {
    opened ??= { at: performance.now(), cpu: cpuSeconds(), taken: since(startedAt, 0) };
    operations = progress.operations;
  },
  onWarning: (line: string) => void process.stderr.write(`${line}\n`),
  signal: new AbortController().signal,
} satisfies IndexerOptions;
await (group == null ? runIndexer(options) : runGroup(options, group));
const { at = startedAt, cpu = 0, taken = since(startedAt, 0) } = opened ?? {};
const result: TokensResult = {
  opening: taken,
  ingest: since(at, cpu),
  operations,
  peakMegabytes: process.resourceUsage().maxRSS / 1024,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));
