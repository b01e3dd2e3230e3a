import { type Hex, optionalHex } from '../query/decode.js';
import type { Queryable } from '../query/queryable.js';
import { readRows } from '../query/statement.js';

/** A snapshot in the books of a token in one asset. */
export interface CommitmentKey {
  readonly bookNumber: number;
  readonly snapshotId: number;
}

/** The content of a commitment: the shares of a snapshot, claimed or not. */
export interface Commitment {
  /** `null`: nobody has a share. */
  readonly root: Hex | null;
  readonly leafCount: number;
}

/** The commitments of snapshots, in the order of `keys`; `null` if a snapshot has none yet. */
export async function readCommitments(
  db: Queryable,
  keys: readonly CommitmentKey[],
): Promise<(Commitment | null)[]> {
  const rows = await readRows<{
    readonly ordinal: number;
    readonly root: Buffer | null;
    readonly leaf_count: number;
  }>(
    db,
    'commitments',
    `SELECT k.ordinal, c.root, c.leaf_count
     FROM unnest($1::integer[], $2::integer[])
       WITH ORDINALITY AS k(token_number, snapshot_id, ordinal)
     JOIN snapshot_commitment c
       ON c.token_number = k.token_number AND c.snapshot_id = k.snapshot_id`,
    [keys.map(({ bookNumber }) => bookNumber), keys.map(({ snapshotId }) => snapshotId)],
  );
  const commitments: (Commitment | null)[] = keys.map(() => null);
  for (const { ordinal, root, leaf_count: leafCount } of rows) {
    commitments[Number(ordinal) - 1] = { root: optionalHex(root), leafCount };
  }
  return commitments;
}
