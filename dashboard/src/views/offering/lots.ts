import { count } from '../../format/amounts.js';
import { texts } from '../../texts/texts.js';
import { cutSymbol } from '../tokenName.js';

/** For how many tokens an amount is. */
export function lotName(lot: bigint, { symbol }: { readonly symbol?: string | null }): string {
  const { offering: t } = texts.value;
  return t.per(count(lot), cutSymbol(symbol) ?? t.tokens);
}
