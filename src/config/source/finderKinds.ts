export const FINDER_KINDS = ['portal', 'gateway', 'ranges', 'state', 'blocks'] as const;

/** How the blocks of a range that concern us were found. */
export type FinderKind = (typeof FINDER_KINDS)[number];
