import type { Coin } from './world.js';

/** An amount of whole coins, as people read it, in smallest units: `+1,234.50`. */
export function smallestUnits(text: string, decimals: number): bigint {
  const plain = text.replaceAll(',', '').replace(/^\+/, '');
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d*))?$/.exec(plain) ?? [];
  if (whole === '') throw new Error(`"${text}" is not an amount`);
  const surplus = part.slice(decimals);
  if (/[1-9]/.test(surplus)) throw new Error(`"${text}" has more than ${decimals} decimals`);
  const units = BigInt(whole + part.slice(0, decimals).padEnd(decimals, '0'));
  return sign === '-' ? -units : units;
}

export function coinOf(coins: ReadonlyMap<string, Coin>, asset: string): Coin {
  const coin = coins.get(asset);
  if (coin === undefined) throw new Error(`${asset} is no coin of this world`);
  return coin;
}
