import type { ChainConfig } from '../../config/types.js';
import type { KnownSource } from '../../ledger/attribution.js';

/** The addresses of a chain whose payments have a name, and what they are. */
export function knownSources(chain: ChainConfig): ReadonlyMap<string, KnownSource> {
  const known = new Map<string, KnownSource>();
  for (const { address } of chain.labels) known.set(address, 'known');
  for (const { address } of chain.collections) known.set(address, 'collection');
  for (const { address } of chain.sales) known.set(address, 'sale');
  for (const { address } of chain.oracles) known.set(address, 'oracle');
  return known;
}

/** The addresses among them that are collections. */
export function collectionsIn(known: ReadonlyMap<string, KnownSource>): ReadonlySet<string> {
  return new Set([...known].flatMap(([address, kind]) => (kind === 'collection' ? address : [])));
}
