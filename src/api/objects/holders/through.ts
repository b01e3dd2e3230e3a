import { Field, Int, ObjectType } from 'type-graphql';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { EntitlementKey } from '../../../store/read/entitlements/entitlements.js';
import type { ThroughPath } from '../../../store/read/pools/through.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import { allPools } from '../../lists/depositPools.js';
import type { ApiContext } from '../../request/context.js';
import { BigIntScalar } from '../../values/scalars.js';
import { DepositPoolIdentityType } from '../identities.js';

@ObjectType('ThroughEntitlement', {
  simpleResolvers: true,
  description:
    'What an account is owed through a pool that holds a token for it: its part of what the pool is owed, rounded down. Only the pool can claim it. Of a person, the sums over its accounts, each rounded on its own.',
})
export class ThroughEntitlementType {
  @Field(() => [DepositPoolIdentityType], {
    description:
      'The pool that holds the token first. The account is a depositor of the last one, each pool of the one before it.',
  })
  readonly path!: readonly object[];

  @Field(() => BigIntScalar, { description: 'Its shares of the last pool.' })
  readonly shares!: bigint;

  @Field(() => BigIntScalar, { description: 'The shares of all depositors of the last pool.' })
  readonly totalShares!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Its part of what the first pool can claim of all open snapshots, in units of the asset (wei for ETH).',
  })
  readonly totalClaimableWei!: bigint;

  @Field(() => BigIntScalar, {
    description: 'Its part of what the first pool was paid, in units of the asset (wei for ETH).',
  })
  readonly claimedWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Its part of what the first pool did not claim in time, in units of the asset (wei for ETH).',
  })
  readonly expiredWei!: bigint;

  @Field(() => BigIntScalar, {
    description:
      'Its part of what a snapshot taken now would assign to the first pool, in units of the asset (wei for ETH).',
  })
  readonly accruingWei!: bigint;

  @Field(() => [Int], {
    description:
      'Snapshots at which the shares are not known, as a pool is held: nothing of them is in the sums.',
  })
  readonly unknownSnapshots!: readonly number[];
}

/** What an account is owed through pools, with the token behind it. */
export interface ThroughNode extends Omit<ThroughEntitlementType, 'path'> {
  readonly path: ThroughPath['path'];
  readonly token: TokenRecord;
  /** Number of the token's books in the asset. */
  readonly bookNumber: number;
  readonly asOf: AsOf;
}

/** The tokens that a pool holds. The answer depends on no others. */
export async function pooledTokens(context: ApiContext): Promise<TokenRecord[]> {
  const pools = await allPools(context);
  const held = new Set(pools.map(({ chainId, token }) => `${chainId} ${token}`));
  const tokens = await context.books.tokens();
  return tokens.filter(({ chainId, address }) => held.has(`${chainId} ${address}`));
}

/** What an account is owed through pools, of each token. */
export async function throughNodes(
  { loaders, books, budget }: ApiContext,
  keys: readonly (EntitlementKey & { readonly asOf: AsOf })[],
): Promise<ThroughNode[]> {
  if (!(await books.hasPools())) return [];
  const found = await Promise.all(keys.map((key) => loaders.through.load(key)));
  const nodes = found.flatMap((paths, index) =>
    paths.flatMap(({ path, entitlement }): ThroughNode[] => {
      const key = keys[index];
      if (key === undefined) return [];
      const { token, asOf, bookNumber = token.number } = key;
      return [{ ...entitlement, path, token, bookNumber, asOf }];
    }),
  );
  for (const { token } of nodes) books.use(token.number);
  budget.spendRows(nodes.length);
  return nodes;
}
