/**
 * The kinds of pools that can be looked through, by the names that the config gives them
 * (docs/pools.md). `src/chain/pools/registry.ts` has the rules of each, and does not compile
 * without them.
 */
export const POOL_KINDS = ['erc4626', 'shares', 'vesting', 'custom'] as const;

export type PoolKind = (typeof POOL_KINDS)[number];
