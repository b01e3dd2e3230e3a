import { type ChainReorg, readChainReorgs } from '../../store/read/chains/chainReorgs.js';
import type { ApiContext } from '../request/context.js';
import { readShared } from '../request/sharedRead.js';
import type { Connection } from './engine/connection.js';
import { defineMemoryList } from './engine/defineMemoryList.js';
import { BLOCK, HASH, TIME } from './engine/fieldKinds.js';
import { CHAIN_FILTER } from './engine/operationFields.js';
import { assertBounded } from './engine/whereBounds.js';

export const REORG_LIST = defineMemoryList({
  name: 'Reorg',
  rows: 'reorgs',
  // They are not part of the books. Each was handled at its own time, not as of a block.
  moment: 'above',
  toNode: (row: ChainReorg) => row,
  keyOf: ({ chainId, number }: ChainReorg) => [BigInt(chainId), BigInt(number)],
  fields: {
    chainId: { kind: BLOCK, text: 'EIP-155 chain id.', of: (row: ChainReorg) => row.chainId },
    number: {
      kind: BLOCK,
      text: 'Counts the reorgs of the chain.',
      of: (row: ChainReorg) => row.number,
    },
    firstBlock: {
      kind: BLOCK,
      text: 'The first block that was taken back.',
      of: (row: ChainReorg) => row.firstBlock,
    },
    depth: {
      kind: BLOCK,
      text: 'Indexed blocks that were taken back.',
      of: (row: ChainReorg) => row.depth,
    },
    oldHash: {
      kind: HASH,
      text: 'Hash of firstBlock on the abandoned chain.',
      of: (row: ChainReorg) => row.oldHash,
    },
    newHash: {
      kind: HASH,
      text: 'Hash of firstBlock on the new chain.',
      of: (row: ChainReorg) => row.newHash,
    },
    rowsTakenBack: {
      kind: BLOCK,
      text: 'Rows of the books that were taken back.',
      of: (row: ChainReorg) => row.rowsTakenBack,
    },
    handledAt: {
      kind: TIME,
      text: 'When the indexer handled it.',
      of: (row: ChainReorg) => row.handledAt,
    },
  },
  orders: {
    HANDLED: {
      text: 'When they were handled.',
      of: (row: ChainReorg) => [BigInt(row.handledAt.getTime())],
    },
    DEPTH: { text: 'Blocks that were taken back.', of: (row: ChainReorg) => [BigInt(row.depth)] },
    ROWS: {
      text: 'Rows of the books that were taken back.',
      of: (row: ChainReorg) => [BigInt(row.rowsTakenBack)],
    },
  },
  filter: CHAIN_FILTER,
});

export type ReorgsArgs = InstanceType<typeof REORG_LIST.Args>;

/**
 * A page of the reorgs that are kept, the newest 100 of each chain. They are ordered in memory.
 *
 * @throws ImoError `UNKNOWN_CHAIN` or `QUERY_TOO_LARGE`; GraphQLError `WHERE_TOO_LARGE`, `BAD_PAGE` or
 *   `BAD_CURSOR`.
 */
export async function reorgList(
  context: ApiContext,
  args: ReorgsArgs,
): Promise<Connection<ChainReorg>> {
  assertBounded(args.where);
  context.budget.spendPage();
  const chains = await context.books.asOfChains(args.filter?.chainId, null);
  const all = await readShared(context, ['reorgs'], () => readChainReorgs(context.db));
  const rows = all.filter(({ chainId }) => chains.has(chainId));
  return REORG_LIST.page(rows, [...chains.values()], args);
}
