/** What a field is asked with, variables filled in. */
export type Given = Readonly<Record<string, unknown>>;

/** A field with this argument answers with a page. */
export function isPageArgument({ name }: { readonly name: string }): boolean {
  return name === 'first';
}

/** Rows of the page that the arguments ask for. A size that is wrong is refused later. */
export function pageSizeOf({ first, last }: Given): number {
  const size = Math.max(0, sizeGiven(first), sizeGiven(last));
  return Math.min(size === 0 ? DEFAULT_PAGE_SIZE : size, MAX_PAGE_SIZE);
}

function sizeGiven(value: unknown): number {
  const size = Number(value ?? 0);
  return Number.isFinite(size) ? size : 0;
}

export const MAX_PAGE_SIZE = 1000;

export const DEFAULT_PAGE_SIZE = 50;

/** How many accounts the arguments name as one person. */
export function holdersIn({ holders }: Given): number {
  return Array.isArray(holders) ? holders.length : 1;
}
