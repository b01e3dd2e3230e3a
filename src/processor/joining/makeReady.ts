import type { ClientBase } from 'pg';
import { canonical, isSame } from '../../plan/canonical.js';
import { joiningKey } from '../../store/booksKey.js';
import { deleteJoiningBlocks, discardJoining } from '../../store/joining/discard.js';
import { type JoiningContract, readJoiningContracts } from '../../store/joining/joiningBooks.js';
import { readManifest } from '../../store/registry/manifest.js';
import { BOOKING_VERSION } from '../bookingVersions.js';
import { type DatabaseUrl, openConnections } from '../run/connections.js';
import type { Joining } from './wanted.js';

/**
 * Gives up what was to join by another plan. What was booked of this one stays, even if more contracts
 * were to join than now.
 *
 * @returns all contracts that join
 */
export async function makeReady(
  databaseUrl: DatabaseUrl,
  chainId: number,
  joining: Joining | null,
  signal: AbortSignal,
): Promise<readonly JoiningContract[]> {
  const connections = await openConnections(databaseUrl, joiningKey(chainId));
  try {
    const { writer: db } = connections;
    const begun = await readJoiningContracts(db, chainId);
    if (joining !== null && begun.length > 0 && (await isOf(db, chainId, joining, begun))) {
      return begun;
    }
    await connections.exclusively((writer) => discardJoining(writer, chainId));
    while (!signal.aborted && (await deleteJoiningBlocks(db, chainId)));
    return joining?.contracts ?? [];
  } finally {
    await connections.close();
  }
}

async function isOf(
  db: ClientBase,
  chainId: number,
  { plan, contracts }: Joining,
  begun: readonly JoiningContract[],
): Promise<boolean> {
  const stored = await readManifest(db, joiningKey(chainId));
  if (stored === null) return false;
  const known = new Set(begun.map(({ kind, address }) => `${kind} ${address}`));
  return (
    isSame(canonical(stored.bookedBy), canonical(BOOKING_VERSION)) &&
    isSame(canonical(stored.config), canonical(plan.wanted)) &&
    contracts.every(({ kind, address }) => known.has(`${kind} ${address}`))
  );
}
