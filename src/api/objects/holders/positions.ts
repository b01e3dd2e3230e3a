import type { Address } from '../../../address.js';
import { momentInBooks } from '../../../books/archiveMark.js';
import { type Entitlement, entitlementOf, type HolderRecord } from '../../../ledger/entitlement.js';
import { rulesAt } from '../../../ledger/terms.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import type { EntitlementKey } from '../../../store/read/entitlements/entitlements.js';
import type { HeldKey } from '../../../store/read/holders/heldTokens.js';
import type { TokenRecord } from '../../../store/read/tokens/tokens.js';
import type { HolderPositionNode } from '../../lists/holders.js';
import type { ReadPool } from '../../reads/booksMemory.js';
import type { ApiContext } from '../../request/context.js';

/** The tokens that an account ever held, in the order of their numbers, with what entitlements need. */
export async function positionsOf(
  { books, joined, instant, proof }: ApiContext,
  address: Address,
  asOf: ReadonlyMap<number, AsOf>,
): Promise<HolderPositionNode[]> {
  const keys = new Map<string, HeldKey & { readonly tokens: number[] }>();
  const inBooks = new Map<number, { token: TokenRecord; moment: AsOf; name: string }>();
  for (const token of await books.tokensOf(asOf, null)) {
    const { chainId } = token;
    const chainMoment = asOf.get(chainId);
    if (chainMoment === undefined) continue;
    const moment = momentInBooks(token, chainMoment);
    const name = `${chainId} ${moment.block}`;
    const key = keys.get(name) ?? { account: address, chainId, block: moment.block, tokens: [] };
    key.tokens.push(token.number);
    keys.set(name, key);
    inBooks.set(token.number, { token, moment, name });
  }
  const seen = instant.watch();
  const held = await joined.held([...keys.values()]);
  const areProven = held.map(({ revision }) => seen(revision)).every(Boolean);
  if (areProven) proof.prove();
  const positions = [...keys.keys()].flatMap((name, index) =>
    (held[index]?.tokens ?? []).flatMap((row): HolderPositionNode[] => {
      const of = inBooks.get(row.tokenNumber);
      // The books of a held token end earlier than those of its chain.
      if (of?.name !== name) return [];
      const { balance, record } = row;
      return [{ address, balance, record, asOf: of.moment, tokenRecord: of.token }];
    }),
  );
  return positions.sort((a, b) => a.tokenRecord.number - b.tokenRecord.number);
}

/** Computed from what was read with the position; `null`: it has to be read. */
export function entitlementOfRecord(
  record: HolderRecord | null | undefined,
  { token, block }: EntitlementKey,
  { instant, proof }: ApiContext,
): Entitlement | Promise<Entitlement> | null {
  const pool = record == null ? null : instant.poolAt({ tokenNumber: token.number, block });
  if (record == null || pool === null) return null;
  const rules = rulesAt(token.rules, block);
  const computed = ({ state, isProven }: ReadPool) => {
    if (!isProven) proof.count();
    return entitlementOf(rules, state, record);
  };
  return pool instanceof Promise ? pool.then(computed) : computed(pool);
}
