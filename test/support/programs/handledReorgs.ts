import { query } from '../databases/postgres.js';

export interface HandledReorg {
  readonly fork: number;
  readonly oldHead: number;
  readonly oldHeadHash: string;
  readonly oldHash: string | null;
  readonly newHash: string | null;
  readonly rows: number;
}

/** The reorgs that a database says were handled, the oldest first. */
export function handledReorgs(databaseUrl: string): Promise<HandledReorg[]> {
  return query<HandledReorg>(
    databaseUrl,
    `SELECT fork_height::integer AS fork, old_head::integer AS "oldHead",
       '0x' || encode(old_head_hash, 'hex') AS "oldHeadHash", '0x' || encode(old_hash, 'hex') AS "oldHash",
       '0x' || encode(new_hash, 'hex') AS "newHash", rows_taken_back::integer AS rows
     FROM chain_reorg ORDER BY number`,
  );
}
