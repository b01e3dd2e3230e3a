import type { Address } from '../../address.js';
import type { ChainConfig } from '../../config/types.js';
import { isGroup, registryKey } from '../../store/booksKey.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { type HoldRecord, readHolds } from '../../store/read/tokens/holds.js';

/** The addresses of all contracts that a config names. */
export function namedBy({
  tokens,
  sales,
  collections,
  oracles,
  lookThrough = [],
}: ChainConfig): ReadonlySet<Address> {
  return new Set(
    [tokens, sales, collections, oracles, lookThrough].flatMap((list) =>
      list.map(({ address }) => address),
    ),
  );
}

/** Whether a contract of the chain belongs to the books: in a group, only its own do. */
export function isOwn(chain: ChainConfig): (address: Address) => boolean {
  if (!isGroup(chain.id)) return () => true;
  const own = namedBy(chain);
  return (address) => own.has(address);
}

/** The held contracts of the books, in the order of their blocks. */
export async function readOwnHolds(db: Queryable, chain: ChainConfig): Promise<HoldRecord[]> {
  const holds = await readHolds(db, registryKey(chain.id));
  const own = isOwn(chain);
  return holds.filter(({ address }) => own(address));
}
