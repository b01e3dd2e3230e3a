import type { Written } from '../../../model/table.js';
import { POOL_SHARE, type PoolShareRow, poolShareLine } from '../../../model/tables/poolShare.js';
import {
  POOL_SNAPSHOT,
  type PoolSnapshotRow,
  poolSnapshotLine,
} from '../../../model/tables/poolSnapshot.js';
import { operationId } from '../../ids.js';
import type { RowBuffer } from './rowBuffer.js';

/** The place of a row of a pool. */
export interface PoolRowPlace {
  readonly poolNumber: number;
  readonly blockNumber: number;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly transactionHash: string;
  readonly transactionIndex: number;
  /** Among the rows of the pool in the block, in the order of its logs. */
  readonly position: number;
}

/** The rows of pools, appended to a buffer. */
export const poolRows = {
  share(rows: RowBuffer, place: PoolRowPlace, row: Written<PoolShareRow>): void {
    rows.append(POOL_SHARE, poolShareLine(idOf(place), place, row));
  },

  snapshot(rows: RowBuffer, place: PoolRowPlace, row: Written<PoolSnapshotRow>): void {
    rows.append(POOL_SNAPSHOT, poolSnapshotLine(idOf(place), place, row));
  },
};

function idOf({ poolNumber, blockNumber, position }: PoolRowPlace): string {
  return operationId(poolNumber, blockNumber, position);
}
