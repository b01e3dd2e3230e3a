import { z } from 'zod';

/** Two entries that say the same: the paths of the second and of the first. */
export interface Duplicate {
  readonly path: readonly PropertyKey[];
  readonly first: readonly PropertyKey[];
  readonly value: string;
}

/** Accepts anything: duplicates are reported together with all other problems. */
const anyChains = z.object({ chains: z.array(z.unknown()) });
const anyChain = z.object({ id: z.unknown() });
/** Lists of contracts: each contract stands once, in one of them. */
const LISTS = ['tokens', 'sales', 'lookThrough', 'collections', 'oracles'] as const;
const anyLists = z.object(
  Object.fromEntries(LISTS.map((list) => [list, z.array(z.unknown()).catch([])])),
);
const anyContract = z.object({ address: z.string() });

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
      const lists = anyLists.safeParse(chain).data ?? {};
      const contracts = LISTS.flatMap((list) =>
        (lists[list] ?? []).map((contract, index) => ({
          path: ['chains', chainIndex, list, index, 'address'],
          address: anyContract.safeParse(contract).data?.address.toLowerCase() ?? null,
        })),
      );
      return repeated(contracts.map(({ address }) => address)).map((found) => ({
        path: contracts[found.index]?.path ?? [],
        first: contracts[found.firstIndex]?.path ?? [],
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
