import { type Address, checksummed } from '../../address.js';
import { refuseAt } from '../file/fields.js';
import type { PoolConfig, WrittenPool } from './pools.js';

type Context = Parameters<typeof refuseAt>[0];

interface ChainOfPools {
  readonly id: number;
  readonly tokens: readonly { readonly address: Address }[];
  readonly lookThrough: readonly WrittenPool[];
  /** Factories create more tokens, which are not known yet. */
  readonly tokensFrom?: readonly unknown[];
}

/** Refuses pools of another chain, and pools that hold neither a token of the chain nor another pool. */
export function checkPools(chain: ChainOfPools, context: Context): void {
  for (const [index, pool] of chain.lookThrough.entries()) {
    const found = problemOf(chain, pool, index);
    if (found === null) continue;
    const { key, ...problem } = found;
    refuseAt(context, ['lookThrough', index, key], problem);
  }
}

function problemOf(
  { id, tokens, lookThrough, tokensFrom = [] }: ChainOfPools,
  { address, preset, token, kind }: WrittenPool,
  index: number,
): { readonly key: string; readonly reason: string; readonly hint: string } | null {
  if (preset !== null && preset.chainId !== id) {
    return {
      key: 'preset',
      reason: `the ${preset.label} is on chain ${preset.chainId}, not on chain ${id}`,
      hint: `Write it under the chain with \`id: ${preset.chainId}\`.`,
    };
  }
  if (lookThrough.findIndex((other) => other.address === address) < index) {
    return {
      key: preset === null ? 'address' : 'preset',
      reason: `the pool ${checksummed(address)} is already in the list`,
      hint: 'Delete one of the two.',
    };
  }
  const isCreated = tokensFrom.length > 0;
  if (tokens.length === 0 && !isCreated) {
    return {
      key: preset === null ? 'address' : 'preset',
      reason: 'the chain has no token that a pool could hold',
      hint: 'Add it to `tokens`.',
    };
  }
  const held = [...tokens, ...lookThrough.filter((other) => other.address !== address)];
  if (token !== null && !isCreated && !held.some((one) => one.address === token)) {
    return {
      key: preset === null ? 'token' : 'preset',
      reason: `${checksummed(token)} is neither a token of this chain nor another pool of the list`,
      hint: 'Write the address of one of them, or add the token to `tokens` too.',
    };
  }
  const isOnly = tokens.length === 1 && !isCreated;
  if (token !== null || isOnly || kind === 'erc4626') return null;
  return {
    key: 'token',
    reason: 'is missing: the chain has several tokens',
    hint: 'Write the address of the revenue token that the pool holds.',
  };
}

/** The pools of a chain. What one holds is the only token, where neither its entry nor its contract says it. */
export function poolsOfChain({ tokens, lookThrough, tokensFrom = [] }: ChainOfPools): PoolConfig[] {
  const only = tokens.length === 1 && tokensFrom.length === 0 ? (tokens[0]?.address ?? null) : null;
  return lookThrough.map(({ preset: _, ...pool }) => ({
    ...pool,
    token: pool.kind === 'erc4626' ? pool.token : (pool.token ?? only),
  }));
}
