import { z } from 'zod';

/** Two entries that say the same: the paths of the second and of the first. */
export interface Duplicate {
  readonly path: readonly PropertyKey[];
  readonly first: readonly PropertyKey[];
  readonly value: string;
}

/** Accepts anything: duplicates are told together with whatever else is wrong. */
const anyChains = z.object({ chains: z.array(z.unknown()) });
const anyChain = z.object({ id: z.unknown() });
const anyTokens = z.object({ tokens: z.array(z.unknown()) });
const anyToken = z.object({ address: z.string() });

/** Chain ids that stand twice in the file, and addresses that stand twice in a chain. */
export function findDuplicates(contents: unknown): Duplicate[] {
  const chains = anyChains.safeParse(contents).data?.chains ?? [];
  const ids = chains.map((chain) => anyChain.safeParse(chain).data?.id);
  return [
    ...repeated(ids.map((id) => (typeof id === 'number' ? String(id) : null))).map((found) => ({
      path: ['chains', found.index, 'id'],
      first: ['chains', found.firstIndex, 'id'],
      value: found.value,
    })),
    ...chains.flatMap((chain, chainIndex) => {
      const tokens = anyTokens.safeParse(chain).data?.tokens ?? [];
      const addresses = tokens.map((token) => anyToken.safeParse(token).data?.address ?? null);
      return repeated(addresses.map((address) => address?.toLowerCase() ?? null)).map((found) => ({
        path: ['chains', chainIndex, 'tokens', found.index, 'address'],
        first: ['chains', chainIndex, 'tokens', found.firstIndex, 'address'],
        value: found.value,
      }));
    }),
  ];
}

function repeated(values: readonly (string | null)[]) {
  return values.flatMap((value, index) => {
    const firstIndex = values.indexOf(value);
    return value === null || firstIndex === index ? [] : [{ value, index, firstIndex }];
  });
}
