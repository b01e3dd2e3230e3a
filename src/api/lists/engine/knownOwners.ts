import { type Address, checksummed } from '../../../address.js';
import { ImoError } from '../../../errors.js';
import type { Where } from '../../../store/read/query/where.js';
import type { ApiContext } from '../../request/context.js';
import { namedIn } from './namedIn.js';

/** The fields of a contract that rows belong to. */
type OwnerGetters<Owner> = Readonly<Record<string, (owner: Owner) => string | null>>;

const ADDRESS = /^0x[0-9a-f]{40}$/;

/**
 * Rejects conditions on contracts and chains that are not indexed: a mistyped address would select
 * nothing, and the empty answer would seem right.
 *
 * @param allOwners the contracts of the chains in question; read only if an address is named
 * @throws ImoError `UNKNOWN_CHAIN` or `UNKNOWN_CONTRACT`
 */
export async function assertKnownOwners<Owner>(
  { books }: ApiContext,
  where: Where<object> | null | undefined,
  fields: OwnerGetters<Owner>,
  allOwners: () => Promise<readonly Owner[]>,
): Promise<void> {
  if (where == null) return;
  for (const chainId of namedIn(where, 'chainId')) await books.assertChain(Number(chainId));
  for (const [field, of] of Object.entries(fields)) {
    const named = namedIn(where, field).filter((value) => ADDRESS.test(String(value)));
    if (named.length === 0) continue;
    const known = new Set<unknown>((await allOwners()).map(of));
    // A token may have no sale.
    if (field === 'token') for (const { address } of await books.tokens()) known.add(address);
    const unknown = named.find((value) => !known.has(value));
    if (unknown !== undefined) throw unknownContract(field, unknown as Address);
  }
}

export function unknownContract(field: string, address: Address): ImoError {
  return new ImoError(
    'UNKNOWN_CONTRACT',
    `${checksummed(address)} is not an indexed ${field}`,
    'The lists of tokens, models, collections and sales show those that are; add it to imo.yaml to index it.',
  );
}
