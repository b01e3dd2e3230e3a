import { column } from '../columns/columns.js';
import type { Column, Dataset } from '../columns/dataset.js';
import { taxSource } from './taxLegs.js';

/** Columns, texts and SQL that the layouts of tax programs share; `l` is a leg (taxLegs.ts). */

export const MAYBE = { isNullable: true };
export const WHOLE = { isNullable: true, unit: 'whole coins, exact' };

/** An amount in whole coins, without zeros at the end; in smallest units where decimals are unknown. */
function wholeCoins(amount: string, coin: string): string {
  return `trim_scale(${amount} * ('1e-' || coalesce(${coin}.decimals, 0))::numeric)::text`;
}

export const RECEIVED = wholeCoins('l.in_amount', 'i');
export const SENT = wholeCoins('l.out_amount', 'u');
export const RECEIVED_COIN = 'i.symbol';
export const SENT_COIN = 'u.symbol';

/** What happened, on which chain, and what could not be said in whole coins. */
export const TAX_NOTE = `l.note || ' (chain ' || l.chain_id || ')'
  || CASE WHEN l.in_coin IS NOT NULL AND i.decimals IS NULL
    THEN '; decimals not known: received in smallest units' ELSE '' END
  || CASE WHEN l.out_coin IS NOT NULL AND u.decimals IS NULL
    THEN '; decimals not known: sent in smallest units' ELSE '' END`;

/** Why the value of a row is missing; nothing where it is not. */
function noPriceNote(currency: string): string {
  const coin = 'CASE WHEN l.in_coin IS NOT NULL THEN i.symbol ELSE u.symbol END';
  return `coalesce('; no price of ' || ${coin} || ' in ${currency}: ' || price_of.missing, '')`;
}

/** The note of a row without a price says why. */
function withReasons(columns: readonly Column[], currency: string): Column[] {
  return columns.map((one) => ({
    ...one,
    sql: one.sql.replace(TAX_NOTE, () => `${TAX_NOTE} || ${noPriceNote(currency)}`),
  }));
}

/** What a row is, whatever the program calls it. */
export type TaxKind = 'trade' | 'income' | 'lost' | 'to sale' | 'from sale' | 'in' | 'out';

const TAX_KIND = `CASE
  WHEN l.in_coin IS NOT NULL AND l.out_coin IS NOT NULL THEN 'trade'
  WHEN l.kind = 'claim' THEN 'income'
  WHEN l.kind = 'redemption' AND l.in_coin IS NULL THEN 'lost'
  WHEN l.kind = 'deposit' THEN 'to sale'
  WHEN l.kind = 'return' THEN 'from sale'
  WHEN l.in_coin IS NOT NULL THEN 'in' ELSE 'out' END`;

export const IS_TRADE = 'l.in_coin IS NOT NULL AND l.out_coin IS NOT NULL';

/** The word of a program for each kind of row; `null`: none. */
export function taxWord(words: Readonly<Record<TaxKind, string | null>>): string {
  const cases = Object.entries(words).map(
    ([kind, word]) => `WHEN '${kind}' THEN ${word === null ? 'NULL' : `'${word}'`}`,
  );
  return `CASE ${TAX_KIND} ${cases.join(' ')} END`;
}

export const empty = (name: string, description: string): Column =>
  column(name, 'text', 'NULL::text', description, MAYBE);

export const SYMBOL_MEANING = 'Its symbol, or the address if it has no safe symbol.';

export const VALUE_MEANING =
  'Value at the time of the amount received, else of the amount given. Null if unknown.';

const NOTES =
  'The file has one holder, or one person if several are named, with all tokens. What moves between the accounts of a ' +
  'person is neither income nor a disposal, so it has no row. Every row has its amounts. Claims are income. A purchase in a sale, ' +
  'a sale-back and a redemption are trades with both sides; a redemption trades the tokens for the first asset that it ' +
  'paid, and if it paid nothing, the tokens are lost. Bought tokens belong to the holder from the purchase on, also where ' +
  'the sale pays them out later. Deposits in a sale that shares out its tokens at the end go to the sale, and refunds come ' +
  'back. What pays for the tokens comes back too, in the transaction that claims them, and is traded for them at once. All ' +
  'other transfers of tokens, and burns that are not redemptions, have rows of their own. Royalties and fees reach holders ' +
  'as claims. Coins have their symbols, or their addresses if contracts of a chain share the symbol or if it may be ' +
  'mistaken for money (`ETH`, `USDC`, look-alikes): only an address identifies money. A coin of unknown decimals counts in ' +
  'its smallest units, and the note says so. Gas is not in the books. The program finds prices unless `currency` is given: then the note of a row without a price says why. ' +
  'Check the result with somebody who knows your taxes.';

/** A layout of a tax program. */
export function taxLayout(
  layout: Pick<Dataset, 'name' | 'summary' | 'columns'> &
    Partial<Pick<Dataset, 'priced'>> & {
      readonly notes?: string;
      readonly where?: string;
    },
): Dataset {
  const { notes, where, priced, ...rest } = layout;
  return {
    ...rest,
    ...(priced === undefined
      ? {}
      : { priced: (currency: string) => withReasons(priced(currency), currency) }),
    notes: notes === undefined ? NOTES : `${notes} ${NOTES}`,
    takes: ['from/to', 'holder'],
    needsHolder: true,
    isResumable: false,
    source: (scope) => taxSource(scope, where),
  };
}
