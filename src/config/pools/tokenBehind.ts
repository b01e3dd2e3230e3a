import { type Address, checksummed } from '../../address.js';
import { ImoError } from '../../errors.js';

/** Pools one behind the other, at most. */
const POOL_DEPTH_AT_MOST = 4;

/**
 * The revenue token behind a pool: what it holds, or what the pool holds whose shares it holds.
 *
 * @param holds by pool: what it holds
 * @throws ImoError `POOL_ASSET_DIFFERS`, `POOL_NESTED_TOO_DEEP`
 */
export function tokenBehind(
  tokens: readonly { readonly address: Address }[],
  holds: ReadonlyMap<Address, Address>,
  pool: Address,
): Address {
  let held: Address = pool;
  for (let depth = 0; depth < POOL_DEPTH_AT_MOST; depth++) {
    const next = holds.get(held);
    if (next === undefined) {
      throw new ImoError(
        'POOL_ASSET_DIFFERS',
        `pool ${checksummed(pool)} holds ${checksummed(held)}, which is neither a token nor a pool of the config`,
        'Add it to `tokens` or to `lookThrough`, or remove the pool.',
      );
    }
    if (tokens.some(({ address }) => address === next)) return next;
    held = next;
  }
  throw new ImoError(
    'POOL_NESTED_TOO_DEEP',
    `pool ${checksummed(pool)} stands behind more than ${POOL_DEPTH_AT_MOST} pools, or behind itself`,
    'Remove one of them from `lookThrough`: its depositors are looked through no further.',
  );
}
