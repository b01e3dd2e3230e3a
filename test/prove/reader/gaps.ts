import { nameOf, pairOf, type SheetComparison } from './compareSheets.js';

/** The names of the figures that a surface has. */
export interface SurfaceNames {
  readonly surface: string;
  readonly names: readonly string[];
}

/** Pairs of surfaces that have figures in common, and the rest. */
export function pairsOf(surfaces: readonly SurfaceNames[]): {
  readonly comparable: readonly string[];
  readonly apart: readonly string[];
} {
  const comparable: string[] = [];
  const apart: string[] = [];
  for (const [place, one] of surfaces.entries()) {
    for (const other of surfaces.slice(place + 1)) {
      const has = one.names.some((name) => other.names.includes(name));
      (has ? comparable : apart).push(pairOf(one.surface, other.surface));
    }
  }
  return { comparable, apart };
}

/**
 * What a run did not compare, though it should have: pairs of surfaces with names in common, figures that a
 * surface has and did not say, and figures that only one surface has. A run that compared nothing of them
 * proves nothing.
 */
export function gapsOf(
  surfaces: readonly SurfaceNames[],
  { pairs, names }: SheetComparison,
): string[] {
  const emptyPairs = pairsOf(surfaces).comparable.filter((pair) => (pairs.get(pair) ?? 0) === 0);
  const unsaid = surfaces.flatMap(({ surface, names: all }) =>
    all.map((name) => nameOf(surface, name)).filter((name) => (names.get(name) ?? 0) === 0),
  );
  const declared = new Set(
    surfaces.flatMap(({ surface, names: all }) => all.map((name) => nameOf(surface, name))),
  );
  const undeclared = [...names.keys()].filter((name) => !declared.has(name));
  const counts = new Map<string, number>();
  for (const name of surfaces.flatMap(({ names: all }) => all)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const alone = [...counts].filter(([, count]) => count === 1).map(([name]) => name);
  return [
    ...emptyPairs.map((pair) => `nothing compared: ${pair}`),
    ...unsaid.map((name) => `never said: ${name}`),
    ...undeclared.map((name) => `not declared: ${name}`),
    ...alone.map((name) => `only one surface has: ${name}`),
  ];
}
