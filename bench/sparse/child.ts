/** Indexes the stretched chain in a process of its own, which the bench measures. */

import { z } from 'zod';
import { FINDER_KINDS } from '../../src/config/source/finderKinds.js';
import { HeldContractError } from '../../src/processor/holding/contractTrouble.js';
import { runIndexer } from '../../src/processor/run.js';

const task = z.object({
  rpcUrl: z.string(),
  token: z.templateLiteral(['0x', z.string()]),
  from: z.int(),
  to: z.int(),
  databaseUrl: z.string(),
  finder: z.enum(FINDER_KINDS),
  portalUrl: z.string().nullable(),
  cacheFolder: z.string().nullable(),
  /** The books of the token may end: all blocks are read all the same. */
  mayBeHeld: z.boolean().default(false),
});
export type ChildTask = z.input<typeof task>;

const { rpcUrl, token, from, to, databaseUrl, finder, portalUrl, cacheFolder, mayBeHeld } =
  task.parse(JSON.parse(process.argv[2] ?? ''));

await runIndexer({
  chain: {
    id: 31_337,
    name: 'stretched',
    rpcUrl,
    fallbackRpcUrls: [],
    portal: portalUrl === null ? null : { url: portalUrl, key: null },
    gatewayUrl: null,
    source: { finders: [finder], blocksAtLeast: 1 },
    cache: cacheFolder === null ? null : { folder: cacheFolder, maxBytes: 2 * 1024 ** 3 },
    finalityConfirmation: 10,
    startBlock: null,
    headPollIntervalSeconds: 0.1,
    labels: [],
    sales: [],
    collections: [],
    oracles: [],
    tokens: [{ address: token, policy: 'auto', startBlock: from, assets: [] }],
  },
  databaseUrl,
  toBlock: to,
  onProgress: ({ bookedBlock, hits }) =>
    process.env.SPARSE_PROGRESS === undefined
      ? undefined
      : process.stderr.write(
          `${performance.now().toFixed(0)} ms: block ${bookedBlock}, ${hits} hits\n`,
        ),
  onWarning: (line) => process.stderr.write(`${performance.now().toFixed(0)} ms: ${line}\n`),
  signal: new AbortController().signal,
}).catch((error: unknown) => {
  if (!mayBeHeld || !(error instanceof HeldContractError)) throw error;
});
// The Subsquid runner is still there and has to be ended with the process.
process.exit(0);
