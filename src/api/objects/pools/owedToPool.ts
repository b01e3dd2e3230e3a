import type { Address } from '../../../address.js';
import type { PoolEntitlement } from '../../../ledger/pools/split.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { EntitlementKey } from '../../../store/read/entitlements/entitlements.js';
import type { DepositPoolRecord } from '../../../store/read/pools/depositPools.js';
import type { ApiContext } from '../../request/context.js';
import type { ThroughNode } from '../holders/through.js';

/** What a pool is owed, of ETH: its own entitlement, or its part of what the pool before it is owed. */
export async function owedToPool(
  context: ApiContext,
  pool: DepositPoolRecord,
  asOf: AsOf,
): Promise<PoolEntitlement> {
  const key = { ...(await keyOf(context, pool, asOf)), account: pool.address };
  if (pool.holds === pool.token) return context.loaders.entitlement.load(key);
  const paths = await context.loaders.through.load(key);
  const before = paths.find(({ path }) => path.at(-1)?.address === pool.holds);
  // It never had shares of the pool before it.
  return before?.entitlement ?? { snapshots: [], accruingWei: 0n };
}

/** What a depositor is owed through a pool, of ETH; `null`: it never had shares. */
export async function owedThrough(
  context: ApiContext,
  pool: DepositPoolRecord,
  asOf: AsOf,
  account: Address,
): Promise<ThroughNode | null> {
  const key = { ...(await keyOf(context, pool, asOf)), account };
  const paths = await context.loaders.through.load(key);
  const found = paths.find(({ path }) => path.at(-1)?.number === pool.number);
  if (found === undefined) return null;
  const { token } = key;
  return { ...found.entitlement, path: found.path, token, bookNumber: token.number, asOf };
}

async function keyOf(
  { books }: ApiContext,
  { chainId, address, token }: DepositPoolRecord,
  { block }: AsOf,
): Promise<Omit<EntitlementKey, 'account'>> {
  const record = (await books.tokens()).find(
    (candidate) => candidate.chainId === chainId && candidate.address === token,
  );
  if (record === undefined) throw new RangeError(`the token of pool ${address} is not indexed`);
  books.use(record.number);
  return { token: record, block };
}
