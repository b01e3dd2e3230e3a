import type { Address } from '../../address.js';
import { shownSymbol } from '../../books/moneySymbols.js';
import { NATIVE_DECIMALS, nativeSymbol } from '../../books/nativeCoins.js';
import { readPriceFeeds } from '../../store/read/prices/prices.js';
import type { Queryable } from '../../store/read/query/queryable.js';
import { readSales } from '../../store/read/sales/sales.js';
import { readRevenueAssets } from '../../store/read/tokens/revenueAssets.js';
import { readTokens } from '../../store/read/tokens/tokens.js';
import { integerLiteral, literalTable, textLiteral } from './sqlText.js';

/** An ERC-20 that amounts are of. */
export interface Coin {
  readonly chainId: number;
  readonly address: Address;
  /** As it calls itself. */
  readonly symbol: string | null;
  readonly decimals: number | null;
}

/** What amounts are counted in. */
export interface Unit {
  readonly chainId: number;
  /** `native`, or the address of an ERC-20. */
  readonly asset: string;
  /** `null`: it has none, or one that may be mistaken for money. */
  readonly symbol: string | null;
  /** `null`: the contract does not say them. */
  readonly decimals: number | null;
}

/** The units of all amounts, by chain and asset. */
export type Units = ReadonlyMap<string, Unit>;

/** Every ERC-20 that is known, once: tokens, revenue, raise assets of sales, what has a price. */
export async function readCoins(db: Queryable): Promise<readonly Coin[]> {
  const tokens = await readTokens(db);
  const chainOf = new Map(tokens.map(({ number, chainId }) => [number, chainId]));
  const shared = (await readRevenueAssets(db)).flatMap(({ asset, tokenNumber, ...said }) => {
    const chainId = chainOf.get(tokenNumber);
    return chainId === undefined ? [] : [{ ...said, chainId, address: asset }];
  });
  const priced = (await readPriceFeeds(db))
    .filter(({ asset }) => asset.startsWith('0x'))
    .map(({ chainId, asset, assetDecimals }) => {
      return { chainId, address: asset as Address, symbol: null, decimals: assetDecimals };
    });
  const raised = (await readSales(db)).flatMap(
    ({ chainId, raiseAsset, raiseSymbol, raiseDecimals }) =>
      raiseAsset === null
        ? []
        : [{ chainId, address: raiseAsset, symbol: raiseSymbol, decimals: raiseDecimals }],
  );
  const coins = new Map<string, Coin>();
  for (const { chainId, address, symbol, decimals } of [
    ...priced,
    ...raised,
    ...shared,
    ...tokens,
  ]) {
    const key = `${chainId} ${address}`;
    const known = coins.get(key);
    coins.set(key, {
      chainId,
      address,
      symbol: symbol ?? known?.symbol ?? null,
      decimals: decimals ?? known?.decimals ?? null,
    });
  }
  return [...coins.values()];
}

/** The units of all amounts on some chains. */
export async function readUnits(db: Queryable, chainIds: Iterable<number>): Promise<Units> {
  const native = [...chainIds].map((chainId): Unit => {
    return { chainId, asset: 'native', symbol: nativeSymbol(chainId), decimals: NATIVE_DECIMALS };
  });
  const coins = (await readCoins(db)).map((coin): Unit => {
    const { chainId, address, decimals } = coin;
    return { chainId, asset: address, symbol: shownSymbol(coin), decimals };
  });
  return new Map([...native, ...coins].map((unit) => [`${unit.chainId} ${unit.asset}`, unit]));
}

/** The symbol and the decimals of a unit, as two values of a row. */
export function unitLiterals(
  units: Units,
  chainId: number,
  asset: string | null,
): [string, string] {
  const { symbol = null, decimals = null } = units.get(`${chainId} ${asset ?? ''}`) ?? {};
  return [
    symbol === null ? 'NULL' : textLiteral(symbol),
    decimals === null ? 'NULL' : integerLiteral(decimals),
  ];
}

/** `unit(chain_id, asset, symbol, decimals)`: what amounts are counted in, for WITH. */
export function unitTable({ units }: { readonly units: Units }): string {
  return literalTable(
    'unit',
    { chain_id: 'bigint', asset: 'text', symbol: 'text', decimals: 'integer' },
    [...units.values()].map(({ chainId, asset }) => [
      integerLiteral(chainId),
      textLiteral(asset),
      ...unitLiterals(units, chainId, asset),
    ]),
  );
}

/**
 * FROM items that find the units of a row: of its token, of the asset of its amounts, of what a sale raises.
 *
 * @param chain SQL of the chain id
 * @param of SQL of the asset, as text, by the name of the unit
 */
export function unitJoins(
  chain: string,
  of: Partial<Readonly<Record<'token' | 'asset' | 'raise', string>>>,
): string {
  return Object.entries(of)
    .map(
      ([name, asset]) =>
        `LEFT JOIN unit ${name}_unit ON ${name}_unit.chain_id = ${chain} AND ${name}_unit.asset = ${asset}`,
    )
    .join('\n');
}

/** What a row's `b` has of its token's unit, found by `unitJoins`. */
export const TOKEN_UNIT_FIELDS =
  'token_unit.symbol AS token_symbol, token_unit.decimals AS token_decimals';

/** What a row's `b` has of the unit of its amounts, found by `unitJoins`. */
export const ASSET_UNIT_FIELDS =
  'asset_unit.symbol AS asset_symbol, asset_unit.decimals AS asset_decimals';
