import type { z } from 'zod';
import type { Address } from '../../address.js';
import { refuseAt } from '../file/fields.js';

/** The lists of contracts of a chain; prices alone have nothing to be the price of. */
interface Contracts {
  readonly tokens: readonly { readonly address: Address }[];
  readonly sales: readonly { readonly token: Address }[];
  readonly collections: readonly unknown[];
  readonly oracles: readonly unknown[];
  readonly tokensFrom: readonly unknown[];
  readonly collectionsFrom: readonly unknown[];
  readonly salesFrom: readonly { readonly token: Address | { readonly field: string } }[];
}

/**
 * Refuses a chain without a contract to index, and a sale of a token that is missing from a list
 * of tokens. Where no token is listed at all, sales are indexed for themselves.
 */
export function checkContracts(chain: Contracts, context: z.core.$RefinementCtx): void {
  const { tokens, sales, tokensFrom, salesFrom } = chain;
  const lists = [tokens, sales, chain.collections, chain.oracles];
  const factories = [tokensFrom, chain.collectionsFrom, salesFrom];
  if ([...lists, ...factories].every((list) => list.length === 0)) {
    refuseAt(context, [], {
      reason: 'the chain has no contract to index',
      hint: 'Write at least one of `tokens:`, `sales:`, `collections:` or `oracles:`, each a list with entries like `- address: 0x…`, or factories (`tokensFrom:`).',
    });
  }
  // What factories create is not known yet.
  if (tokens.length === 0 || tokensFrom.length > 0) return;
  for (const [name, list] of Object.entries({ sales, salesFrom })) {
    for (const [index, { token }] of list.entries()) {
      if (typeof token !== 'string' || tokens.some(({ address }) => address === token)) continue;
      refuseAt(context, [name, index, 'token'], {
        reason: `${token} is not a token of this chain`,
        hint: 'Write the address of one of them, or add the token to `tokens` too.',
      });
    }
  }
}
