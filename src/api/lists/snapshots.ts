import { isOpen } from '../../ledger/apply.js';
import { rulesAt } from '../../ledger/terms.js';
import { SNAPSHOT } from '../../model/tables/snapshot.js';
import type { AsOf } from '../../store/read/chains/asOf.js';
import {
  CLAIMED,
  countSnapshots,
  readSnapshotPage,
  snapshotKey,
} from '../../store/read/tokens/snapshotPage.js';
import type { SnapshotRecord } from '../../store/read/tokens/snapshots.js';
import type { TokenRecord } from '../../store/read/tokens/tokens.js';
import type { ApiContext } from '../request/context.js';
import { OrderDirection, SnapshotProof, SnapshotState } from '../values/enums.js';
import { type Connection, connection } from './engine/connection.js';
import { snapshotCursor } from './engine/cursor.js';
import { defineStoredList } from './engine/defineStoredList.js';
import { field, shown } from './engine/field.js';
import { AMOUNT, BLOCK, COUNT, HASH, TIME } from './engine/fieldKinds.js';
import { namedIn } from './engine/namedIn.js';
import { pageRequest } from './engine/pagination.js';
import { placed } from './engine/storedColumn.js';
import { assertBounded } from './engine/whereBounds.js';
import { unknownSnapshot } from './knownIds.js';

const columns = placed(SNAPSHOT, 's');

/** The snapshots of a token. */
export const SNAPSHOT_LIST = defineStoredList({
  name: 'Snapshot',
  rows: 'snapshots',
  type: { text: 'A snapshot and what it assigned to the holders of its moment.' },
  fields: {
    snapshotId: field(COUNT, 'Counts up from 1 for each token.', columns.snapshotId),
    block: field(BLOCK, 'Block in which it was taken.', columns.blockNumber),
    timestamp: field(TIME, 'Time of that block.', columns.timestamp),
    transactionHash: field(HASH, 'Transaction that took it.', columns.transactionHash),
    transactionIndex: field(COUNT, 'Index of the transaction in its block.'),
    position: field(COUNT, "Place among the token's operations of the block, in execution order."),
    newRevenueWei: field(
      AMOUNT,
      'New revenue that it covered, in units of the asset (wei for ETH).',
      columns.newRevenueWei,
    ),
    claimableWei: field(
      AMOUNT,
      'Assigned to all holders together, fresh and rolled over, in units of the asset (wei for ETH).',
      columns.claimableWei,
    ),
    freshWei: field(
      AMOUNT,
      "The holders' part of the new revenue, in units of the asset (wei for ETH).",
      columns.freshWei,
    ),
    rolledOverWei: field(
      AMOUNT,
      'What came back unclaimed from the snapshot that left the window, in units of the asset (wei for ETH).',
      columns.rolledOverWei,
    ),
    redeemableAddedWei: field(
      AMOUNT,
      'What the pool for burners gained, in units of the asset (wei for ETH).',
      columns.redeemableAddedWei,
    ),
    claimedWei: field(
      AMOUNT,
      'Claimed by all holders so far, in units of the asset (wei for ETH).',
      AMOUNT.column(CLAIMED),
    ),
    unclaimedWei: field(
      AMOUNT,
      'Not claimed so far, in units of the asset (wei for ETH), rounding remainders included. Of an expired snapshot: what came back to all holders.',
    ),
    supply: field(AMOUNT, 'Total supply at the snapshot, in token units.', columns.supply),
    proof: shown(
      SnapshotProof,
      'What proved the amount that it assigned, up to the moment. Until something does, it follows from the rules of the token alone.',
    ),
    state: shown(SnapshotState, 'Whether it can still be claimed.'),
  },
  orders: {
    SNAPSHOT: { text: 'Their ids: the order of time.', by: null },
    CLAIMABLE: {
      text: 'What each assigned to holders, in units of the asset (wei for ETH).',
      by: 'claimableWei',
    },
    CLAIMED: {
      text: 'What was claimed of each, in units of the asset (wei for ETH). The database reads every snapshot of the token.',
      by: 'claimedWei',
    },
    NEW_REVENUE: {
      text: 'The new revenue that each covered, in units of the asset (wei for ETH).',
      by: 'newRevenueWei',
    },
  },
  args: ['where', 'orderBy', 'direction'],
  ends: {
    first: OrderDirection.DESC,
    text: 'Newest or largest (DESC), or oldest or smallest (ASC) first.',
  },
});

export type SnapshotListArgs = InstanceType<typeof SNAPSHOT_LIST.Args>;

/** A snapshot at a moment. */
export interface SnapshotNode extends SnapshotRecord {
  readonly unclaimedWei: bigint;
  readonly state: SnapshotState;
  readonly tokenRecord: TokenRecord;
  /** Number of the token's books in the assigned asset. */
  readonly bookNumber: number;
  readonly asOf: AsOf;
}

/** @param lastSnapshotId of the token at the moment: the window counts back from it. */
export function snapshotNode(
  snapshot: SnapshotRecord,
  tokenRecord: TokenRecord,
  asOf: AsOf,
  lastSnapshotId: number,
): SnapshotNode {
  const { snapshotId, claimableWei, claimedWei } = snapshot;
  const isClaimable = isOpen(
    rulesAt(tokenRecord.rules, asOf.block).terms,
    snapshotId,
    lastSnapshotId,
  );
  return {
    ...snapshot,
    tokenRecord,
    bookNumber: snapshot.tokenNumber,
    asOf,
    unclaimedWei: claimableWei - claimedWei,
    state: isClaimable ? SnapshotState.OPEN : SnapshotState.EXPIRED,
  };
}

/**
 * A page of a token's snapshots as of a moment.
 *
 * @param bookNumber of the token's books in an asset; default: in ETH
 *
 * @throws ImoError `QUERY_TOO_LARGE` or `UNKNOWN_SNAPSHOT`; GraphQLError `BAD_PAGE` or `BAD_CURSOR`.
 */
export async function snapshotList(
  context: ApiContext,
  token: TokenRecord,
  asOf: AsOf,
  args: SnapshotListArgs,
  bookNumber = token.number,
): Promise<Connection<SnapshotNode>> {
  const { db, loaders, budget } = context;
  const { orderBy, direction } = args;
  assertBounded(args.where);
  const codec = snapshotCursor(bookNumber, orderBy);
  const request = pageRequest(args, codec);
  const tokenAsOf = { tokenNumber: bookNumber, block: asOf.block };
  const figure = SNAPSHOT_LIST.figureOf<SnapshotRecord>(orderBy);
  const query = { ...tokenAsOf, where: SNAPSHOT_LIST.conditions(args.where), figure, direction };
  budget.spendPage();
  const [page, { lastSnapshotId }] = await Promise.all([
    readSnapshotPage(db, query, request),
    loaders.poolVersion.load(tokenAsOf),
  ]);
  const named = args.where == null ? [] : namedIn(args.where, 'snapshotId').map(Number);
  const unknown = named.find((id) => id < 1 || id > lastSnapshotId);
  if (unknown !== undefined) throw unknownSnapshot(unknown, lastSnapshotId);
  return connection({
    page,
    codec,
    asOf: [asOf],
    keyOf: (row) => snapshotKey(row, figure),
    toNode: (row) => snapshotNode(row, token, asOf, lastSnapshotId),
    count: () => countSnapshots(db, query),
  });
}
