import type { AsOf } from '../../store/read/chains/asOf.js';
import type { SnapshotOperation } from '../../store/read/operations/snapshotOperations.js';
import { type SnapshotNode, snapshotNode } from '../lists/snapshots.js';
import type { ApiContext } from '../request/context.js';
import type { BooksChange } from './books/change.js';
import type { LiveEntry } from './books/feeds.js';
import type { GapType } from './types.js';

/** A change as the schema has it. */
export interface ChangesNode {
  readonly asOf: AsOf;
  readonly gap: GapType | null;
  readonly withdrawn: readonly object[];
  readonly added: readonly object[];
}

export function operationChanges(change: BooksChange, context: ApiContext): ChangesNode {
  const toNode = ({ row, book }: LiveEntry) => {
    context.books.use(book.token.number);
    const { asset, token } = book;
    return { asset, ...row, tokenNumber: token.number, asOf: change.asOf };
  };
  return {
    ...frameOf(change),
    withdrawn: change.withdrawn.map(toNode),
    added: change.added.map(toNode),
  };
}

export async function snapshotChanges(
  change: BooksChange,
  context: ApiContext,
): Promise<ChangesNode> {
  const toNode = async ({ row, book: { token } }: LiveEntry): Promise<SnapshotNode> => {
    context.books.use(token.number);
    // Rows of this feed are snapshots: it reads nothing else.
    const snapshot = row as SnapshotOperation;
    const { tokenNumber, snapshotId } = snapshot;
    const pools = await context.loaders.poolVersion.load({ tokenNumber, block: change.asOf.block });
    // One that was taken back was open when it was sent.
    const last = Math.max(pools.lastSnapshotId, snapshotId);
    return snapshotNode(snapshot, token, change.asOf, last);
  };
  return {
    ...frameOf(change),
    withdrawn: await Promise.all(change.withdrawn.map(toNode)),
    added: await Promise.all(change.added.map(toNode)),
  };
}

function frameOf({ asOf, fromBlock, gap }: BooksChange): Pick<ChangesNode, 'asOf' | 'gap'> {
  return { asOf, gap: gap === null ? null : { fromBlock, toBlock: asOf.block, reason: gap } };
}
