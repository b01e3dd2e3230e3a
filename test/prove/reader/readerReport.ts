import type { SheetComparison } from './compareSheets.js';
import type { Difference } from './figures.js';
import { pairsOf, type SurfaceNames } from './gaps.js';

export function describeDifference({ figure, one, other, values }: Difference): string {
  return `DIFFERS ${figure}: ${one} says ${values[0]}, ${other} says ${values[1]}`;
}

/** How many figures each pair of surfaces compared, and the pairs that have none in common. */
export function describeComparison(
  surfaces: readonly SurfaceNames[],
  { pairs, names }: SheetComparison,
): string[] {
  const { comparable, apart } = pairsOf(surfaces);
  const counted = comparable.map((pair) => `${String(pairs.get(pair) ?? 0).padStart(8)}  ${pair}`);
  const all = [...pairs.values()].reduce((sum, count) => sum + count, 0);
  const said = [...names.values()].reduce((sum, count) => sum + count, 0);
  return [
    ...counted,
    `${apart.length} pairs have no figure in common: ${apart.join('; ')}`,
    `${said} figures said, ${all} comparisons in ${comparable.length} pairs`,
  ];
}
