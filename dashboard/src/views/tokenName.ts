import { shortHex } from '../format/addresses.js';

/** What a token is called: contracts call themselves what they like, so texts of theirs are never longer than this. */
const LONGEST = 60;

interface Named {
  readonly address: string;
  readonly name?: string | null;
  readonly symbol?: string | null;
  readonly symbolOnChain?: string | null;
}

export function tokenTitle({ address, name, symbol, symbolOnChain }: Named): string {
  const known = [name, symbol ?? symbolOnChain].filter(
    (text) => text != null && text.trim() !== '',
  );
  return known.length === 0 ? shortHex(address) : cut([...new Set(known)].join(' · '));
}

/** Cut at a whole character, without signs that change how other texts run. */
export function cut(text: string, longest = LONGEST): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, '');
  const letters = [...plain];
  return letters.length <= longest ? plain : `${letters.slice(0, longest - 1).join('')}…`;
}

const LONGEST_SYMBOL = 12;

/** A symbol as a unit of amounts: none stays none. */
export function cutSymbol(symbol: string | null | undefined): string | null {
  return symbol == null ? null : cut(symbol, LONGEST_SYMBOL);
}

/** The unit of amounts of an asset: its symbol, else its address, which is never mistaken for another one. */
export function assetSymbol(address: string, symbol: string | null | undefined): string {
  return cutSymbol(symbol) ?? shortHex(address);
}
