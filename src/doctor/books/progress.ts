import type { ChainCursor } from '../../store/write/cursor.js';
import type { Check } from '../check.js';
import { type FindingKinds, makersOf } from '../finding.js';
import type { BooksSubject, ChainView } from './books.js';

/** Both must be exceeded. The first is what `serve --ready-lag` has as its default. */
const LAG_BLOCKS = 100;
const LAG_MS = 60_000;

const KINDS = {
  BOOKS_LAG: {
    severity: 'warning',
    means: 'the books are more than 100 blocks and a minute behind the head of the chain',
    remedy: 'Start `imo-ledger index`, or wait until it has caught up.',
  },
  BOOKS_FORKED: {
    severity: 'error',
    means: 'the newest final block of the books is not on the chain of the endpoint',
    remedy:
      'Check that the endpoint serves this chain; then `imo-ledger index` rolls back to the fork.',
  },
} as const satisfies FindingKinds;

const found = makersOf(KINDS);

/** Whether the books follow the chain that the endpoints serve. */
export const progress: Check<BooksSubject> = {
  name: 'progress',
  kinds: KINDS,
  async run({ chain, cursor, node }) {
    const view = await node();
    if (view === null || cursor === null) return [];
    const fork = await forkOf(view, cursor);
    if (fork !== null) return [found.BOOKS_FORKED(chain.name, fork)];
    const { head } = cursor;
    const blocks = view.head.number - head.height;
    const since = head.timestamp === null ? 0 : Date.parse(head.timestamp);
    if (blocks <= LAG_BLOCKS || view.head.timestampMs - since <= LAG_MS) return [];
    const behind = `indexed to block ${head.height}, ${blocks} blocks behind the head ${view.head.number}`;
    return [found.BOOKS_LAG(chain.name, behind)];
  },
};

async function forkOf(view: ChainView, { finalized }: ChainCursor): Promise<string | null> {
  const { height, hash } = finalized;
  if (height < 0 || height > view.head.number) return null;
  const served = await view.blockHash(height);
  return served === hash
    ? null
    : `block ${height} is ${hash} in the books and ${served} on the chain`;
}
