/** Ids of the chains that the server was given, and of those that are indexed, in ascending order. */
export function knownChainIds(
  served: readonly { readonly id: number }[],
  heads: ReadonlyMap<number, unknown>,
): number[] {
  const ids = new Set([...served.map(({ id }) => id), ...heads.keys()]);
  return [...ids].toSorted((left, right) => left - right);
}
