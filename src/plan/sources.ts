import { keyOf, type ListName, type Manifest } from './manifest.js';

/** Lists whose addresses are known sources of revenue, the weakest first: a label of a sale only names it. */
const SOURCES = [
  ['labels', 'known'],
  ['collections', 'collection'],
  ['sales', 'sale'],
  ['oracles', 'oracle'],
] as const satisfies readonly (readonly [ListName, string])[];

/** What each known address is to the attribution of receipts (docs/accounting.md). */
function sourceKinds(manifest: Manifest): Map<string, string> {
  const kinds = new Map<string, string>();
  for (const [list, kind] of SOURCES) {
    for (const entry of manifest[list]) kinds.set(keyOf(list, entry), kind);
  }
  return kinds;
}

/** The addresses that are known as something else in the other manifest, in order. */
export function changedSources(before: Manifest, after: Manifest): string[] {
  const [was, is] = [sourceKinds(before), sourceKinds(after)];
  const all = new Set([...was.keys(), ...is.keys()]);
  return [...all].filter((address) => was.get(address) !== is.get(address)).toSorted();
}
