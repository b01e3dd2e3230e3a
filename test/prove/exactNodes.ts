import {
  hidesMoney,
  listsSystemTransactions,
  miscountsChildren,
  slow,
  tracesInVain,
  without,
  withoutPosition,
  withoutSubtraces,
  withoutTreeLogs,
  wrongBalances,
} from '../support/nodes/frameDialects.js';
import { type Dialect, startOddNode } from '../support/nodes/oddNode.js';
import { limitsRangesInTurn } from '../support/nodes/rangeDialects.js';

/** The endpoints of one run of the indexer, each with its dialects; the first is preferred. */
export interface NodeSetup {
  readonly name: string;
  /** Also in the short form, which runs with every change. */
  readonly isShort: boolean;
  readonly endpoints: readonly (readonly Dialect[])[];
}

const RECEIPTS = ['eth_getTransactionReceipt', 'eth_getBlockReceipts'];

/** Nodes as they are found in the world, by what they lack or do wrong. */
export const oddSetups = (): NodeSetup[] => [
  {
    name: 'no trace_block, no position, ranges of 3 blocks, a transaction of the chain itself',
    isShort: true,
    endpoints: [
      [
        without('trace_block', 'trace_transaction'),
        withoutPosition,
        limitsRangesInTurn(3),
        listsSystemTransactions,
        tracesInVain(5),
      ],
    ],
  },
  {
    name: 'no logs in call trees, miscounted children, no receipts, ranges of 1 block',
    isShort: true,
    endpoints: [
      [
        withoutTreeLogs,
        miscountsChildren,
        without(...RECEIPTS),
        limitsRangesInTurn(1),
        tracesInVain(7),
      ],
    ],
  },
  {
    name: 'no debug methods, no subtraces',
    isShort: false,
    endpoints: [[without('debug_traceBlockByHash', 'debug_traceTransaction'), withoutSubtraces]],
  },
  {
    name: 'frames of money hidden, but not by the slower endpoint',
    isShort: true,
    endpoints: [[hidesMoney], [slow(10)]],
  },
  {
    name: 'every 20th balance of the block before or after',
    isShort: true,
    endpoints: [[wrongBalances(20)]],
  },
];

/** Starts the endpoints of a setup in front of a good node. */
export async function startSetup(
  { endpoints }: NodeSetup,
  rpcUrl: string,
): Promise<{ urls: string[]; close: () => Promise<void> }> {
  const nodes = await Promise.all(endpoints.map((dialects) => startOddNode(rpcUrl, dialects)));
  return {
    urls: nodes.map(({ url }) => url),
    close: async () => {
      await Promise.all(nodes.map((node) => node.close()));
    },
  };
}
