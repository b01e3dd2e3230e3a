import type { SqlClient } from '../database/sqlClient.js';

/** What the books of a chain are, and which versions of the program's booking wrote them. */
export interface StoredManifest {
  /** JSON; `manifestFromStore` of src/plan reads it. */
  readonly config: unknown;
  /** Version by kind of books. */
  readonly bookedBy: Readonly<Record<string, number>>;
}

/** `null` for books that were never given one. @param key of the books: of the live ones, the chain id */
export async function readManifest(db: SqlClient, key: number): Promise<StoredManifest | null> {
  const { rows } = await db.query<{ config: unknown; booked_by: Record<string, number> }>(
    'SELECT config, booked_by FROM manifest WHERE chain_id = $1',
    [key],
  );
  const row = rows[0];
  return row === undefined ? null : { config: row.config, bookedBy: row.booked_by };
}

/** Stores what the books of `key` are from now on, in the transaction that makes it true. */
export async function storeManifest(
  db: SqlClient,
  key: number,
  { config, bookedBy }: StoredManifest,
): Promise<void> {
  await db.query(
    `INSERT INTO manifest (chain_id, config, booked_by) VALUES ($1, $2, $3)
     ON CONFLICT (chain_id) DO UPDATE SET config = EXCLUDED.config,
       booked_by = EXCLUDED.booked_by, changed_at = now()
     WHERE manifest.config <> EXCLUDED.config OR manifest.booked_by <> EXCLUDED.booked_by`,
    [key, JSON.stringify(config), JSON.stringify(bookedBy)],
  );
}
