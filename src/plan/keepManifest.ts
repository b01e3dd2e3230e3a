import type { Address } from '../address.js';
import { isJoining } from '../store/booksKey.js';
import type { SqlClient } from '../store/database/sqlClient.js';
import { type Label, renameLabels, writeLabels } from '../store/registry/labels.js';
import { storeManifest } from '../store/registry/manifest.js';
import { writeContractNames } from '../store/registry/names.js';
import type { JsonObject } from './canonical.js';
import type { Manifest } from './manifest.js';
import type { BookingVersions } from './plan.js';

/**
 * Stores that the books of `key` are those of a manifest from now on, with the names that it gives. To be
 * called in the transaction that makes it true: when the contracts are opened, or when books join.
 */
export async function keepManifest(
  db: SqlClient,
  key: number,
  manifest: Manifest,
  bookedBy: BookingVersions,
): Promise<void> {
  await writeNames(db, key, manifest);
  // Names of joining books show when they are live.
  if (!isJoining(key)) await writeLabels(db, key, manifest.labels.map(labelled));
  await storeManifest(db, key, { config: manifest, bookedBy });
}

/**
 * Gives contracts and labelled addresses the names of a manifest at once: no history depends on them. An
 * address that is not labelled yet, or no longer, changes sources of receipts: it waits for `keepManifest`.
 */
export async function writeNames(db: SqlClient, key: number, manifest: Manifest): Promise<void> {
  await writeContractNames(db, key, 'sale', manifest.sales.map(named));
  await writeContractNames(db, key, 'collection', manifest.collections.map(named));
  await writeContractNames(db, key, 'oracle', manifest.oracles.map(named));
  await writeContractNames(db, key, 'pool', manifest.lookThrough.map(named));
  await renameLabels(db, key, manifest.labels.map(labelled));
}

function named({ address, label }: JsonObject) {
  return { address: address as Address, label: typeof label === 'string' ? label : null };
}

function labelled({ address, name }: JsonObject): Label {
  return { address: address as Address, name: String(name) };
}
