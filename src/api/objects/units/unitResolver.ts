import { type ClassType, Int } from 'type-graphql';
import type { Address } from '../../../address.js';
import { fieldResolver, type ResolvedField } from '../../lists/engine/resolver.js';
import type { ApiContext } from '../../request/context.js';
import { shownCoin } from './coins.js';

/** What amounts are in. */
export interface UnitPlace {
  readonly chainId: number;
  /** `native`, an ERC-20, or the code of a currency; `null`: nothing is asked about. */
  readonly asset: string | null;
}

type UnitOf<Node> = (node: Node, context: ApiContext) => UnitPlace | Promise<UnitPlace>;

/** The field with the symbol of what another field names. @param prefix of its name */
export function symbolField<Node>(
  prefix: string,
  of: string,
  placeOf: UnitOf<Node>,
): Record<string, ResolvedField<Node>> {
  return {
    [`${prefix}Symbol`]: {
      shows: () => String,
      text: `Symbol of \`${of}\`; null: it has none, or one that may be mistaken for money.`,
      isNullable: true,
      resolve: async (node, context) =>
        (await unitAt(await placeOf(node, context), context)).symbol,
    },
  };
}

/** Fields with the symbol and the decimals of what another field names. */
export function unitFields<Node>(
  prefix: string,
  of: string,
  placeOf: UnitOf<Node>,
): Record<string, ResolvedField<Node>> {
  return {
    ...symbolField(prefix, of, placeOf),
    [`${prefix}Decimals`]: {
      shows: () => Int,
      text: `Decimals of \`${of}\`; null where the contract does not say them.`,
      isNullable: true,
      resolve: async (node, context) =>
        (await unitAt(await placeOf(node, context), context)).decimals,
    },
  };
}

/** Shows what the amounts of a type are in: the symbol and the decimals of its `asset`. */
export function assetUnit<Node>(Row: ClassType, placeOf: UnitOf<Node>): ClassType {
  return fieldResolver(Row, unitFields('asset', 'asset', placeOf));
}

interface ShownUnit {
  readonly symbol: string | null;
  readonly decimals: number | null;
}

async function unitAt({ chainId, asset }: UnitPlace, context: ApiContext): Promise<ShownUnit> {
  if (asset === null) return { symbol: null, decimals: null };
  if (asset === 'native') return shownCoin(context, chainId, null);
  if (asset.startsWith('0x')) return shownCoin(context, chainId, asset as Address);
  return { symbol: asset, decimals: 0 };
}
