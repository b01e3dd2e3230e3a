import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  countSnapshots,
  readSnapshotPage,
  snapshotKey,
} from '../../store/read/tokens/snapshotPage.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import { type SnapshotNode, snapshotNode } from '../objects/tokens/snapshot.js';
import type { ApiContext } from '../request/context.js';
import { type Connection, connection } from './engine/connection.js';
import { snapshotCursor } from './engine/cursor.js';
import { pageRequest } from './engine/pagination.js';
import { assertBounded } from './engine/whereBounds.js';
import type { SnapshotListArgs } from './inputs/listArgs.js';

/**
 * A page of a token's snapshots as of a moment.
 *
 * @param bookNumber of the token's books in an asset; default: in ETH
 *
 * @throws ImoError `QUERY_TOO_LARGE`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function snapshotList(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: SnapshotListArgs,
  bookNumber = token.number,
): Promise<Connection<SnapshotNode>> {
  const { db, loaders, budget } = context;
  const { where, orderBy, direction } = args;
  assertBounded(where);
  const codec = snapshotCursor(bookNumber, orderBy);
  const request = pageRequest(args, codec);
  const tokenAsOf = { tokenNumber: bookNumber, block: asOf.block };
  const query = { ...tokenAsOf, where, orderBy, direction };
  budget.spendPage();
  const [page, { lastSnapshotId }] = await Promise.all([
    readSnapshotPage(db, query, request),
    loaders.poolVersion.load(tokenAsOf),
  ]);
  return connection({
    page,
    codec,
    asOf: [asOf],
    keyOf: (row) => snapshotKey(row, orderBy),
    toNode: (row) => snapshotNode(row, token, asOf, lastSnapshotId),
    count: () => countSnapshots(db, query),
  });
}
