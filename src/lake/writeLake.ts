import { findServer } from '../store/database/connect.js';
import { connectClient } from '../store/database/postgres.js';
import { assertNothingDetached } from '../store/partitions/detached.js';
import { type Appended, type AppendOptions, appendLake } from './appendLake.js';
import { compactLake } from './compactLake.js';
import type { LakeManifest } from './lakeManifest.js';
import { LakeStore } from './lakeStore.js';
import type { LakePlace } from './places/lakePlace.js';
import { takeOut } from './rebuildLake.js';

export interface WriteLakeOptions extends AppendOptions {
  /** Books to write again: ids of chains, addresses of contracts, or `all`. */
  readonly rebuild: readonly string[];
  /** How long a file that a newer one replaces is kept for its readers. */
  readonly keepMs: number;
}

export interface WrittenLake extends Appended {
  /** Files of days that are over, merged into one for each day. */
  readonly merged: number;
  readonly manifest: LakeManifest;
}

/**
 * Brings a lake up to the newest final block: completes what a killed run left, appends, merges the
 * days that are over, and deletes what is replaced.
 *
 * @throws ImoError of `LakeStore`, `takeOut`, `appendLake` and `compactLake`
 */
export async function writeLake(place: LakePlace, options: WriteLakeOptions): Promise<WrittenLake> {
  const url = await findServer(options.databaseUrl, { writes: false });
  const db = await connectClient({ connectionString: url, application_name: 'imo-ledger lake' });
  try {
    await assertNothingDetached(db, 'the lake would lack rows');
    const store = await LakeStore.open(place);
    await takeOut(store, options.rebuild);
    const appended = await appendLake(db, store, { ...options, databaseUrl: url });
    const merged = await compactLake(db, store, options.signal);
    await store.clean(new Date(Date.now() - options.keepMs));
    return { ...appended, merged, manifest: store.manifest };
  } finally {
    await db.end();
  }
}
