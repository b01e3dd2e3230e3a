/** Indexes the stretched chain in a process of its own, which the bench measures. */
import type { FinderKind } from '../../src/config/finderKinds.js';
import { runIndexer } from '../../src/processor/run.js';

const [rpcUrl = '', token = '', from = '0', to = '0', databaseUrl = '', finder = 'ranges'] =
  process.argv.slice(2);

await runIndexer({
  chain: {
    id: 31_337,
    name: 'stretched',
    rpcUrl,
    fallbackRpcUrls: [],
    gatewayUrl: null,
    source: { finders: [finder as FinderKind], blocksAtLeast: 1 },
    finalityConfirmation: 10,
    startBlock: null,
    headPollIntervalSeconds: 0.1,
    labels: [],
    sales: [],
    collections: [],
    oracles: [],
    tokens: [
      { address: token as `0x${string}`, policy: 'auto', startBlock: Number(from), assets: [] },
    ],
  },
  databaseUrl,
  toBlock: Number(to),
  onProgress: ({ bookedBlock, hits }) =>
    process.env.SPARSE_PROGRESS === undefined
      ? undefined
      : process.stderr.write(
          `${performance.now().toFixed(0)} ms: block ${bookedBlock}, ${hits} hits\n`,
        ),
  onWarning: (line) => process.stderr.write(`${performance.now().toFixed(0)} ms: ${line}\n`),
  signal: new AbortController().signal,
});
// The Subsquid runner is still there and has to be ended with the process.
process.exit(0);
