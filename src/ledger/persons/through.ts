import type { Address } from '../../address.js';
import type { ThroughEntitlement } from '../pools/split.js';

/** A way through pools, of one account in one asset. */
export interface OwnThrough {
  /** The pool that holds the token first; the account is a depositor of the last. */
  readonly path: readonly { readonly address: Address }[];
  readonly entitlement: ThroughEntitlement;
}

/** What all accounts of a person are owed through the same pools together. */
export interface PersonThrough<Way extends OwnThrough> {
  readonly path: Way['path'];
  readonly entitlement: Omit<ThroughEntitlement, 'snapshots'>;
}

/**
 * The sums over accounts of one person, way by way: each account's part is rounded down on its own. A way that
 * leads through one of the accounts is left out, since all that this account is owed is the person's already.
 *
 * @param accounts of the person
 * @param ways of all accounts, of one token at one block
 */
export function personThrough<Way extends OwnThrough>(
  accounts: readonly Address[],
  ways: readonly Way[],
): PersonThrough<Way>[] {
  const own = new Set<Address>(accounts);
  const sums = new Map<string, PersonThrough<Way>>();
  for (const { path, entitlement } of ways) {
    if (path.some(({ address }) => own.has(address))) continue;
    const name = path.map(({ address }) => address).join('/');
    const known = sums.get(name);
    sums.set(name, { path, entitlement: sumOf(known?.entitlement, entitlement) });
  }
  return [...sums.values()];
}

function sumOf(
  sum: PersonThrough<OwnThrough>['entitlement'] | undefined,
  { snapshots: _, ...one }: ThroughEntitlement,
): PersonThrough<OwnThrough>['entitlement'] {
  if (sum === undefined) return one;
  const unknown = new Set([...sum.unknownSnapshots, ...one.unknownSnapshots]);
  return {
    shares: sum.shares + one.shares,
    totalShares: one.totalShares,
    totalClaimableWei: sum.totalClaimableWei + one.totalClaimableWei,
    claimedWei: sum.claimedWei + one.claimedWei,
    expiredWei: sum.expiredWei + one.expiredWei,
    accruingWei: sum.accruingWei + one.accruingWei,
    unknownSnapshots: [...unknown].sort((a, b) => a - b),
  };
}
