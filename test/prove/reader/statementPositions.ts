import { checksummed } from '../../../src/address.js';
import { coinOf, smallestUnits } from './amounts.js';
import type { Draw } from './draw.js';
import { type FigureSheet, NATIVE } from './figures.js';
import { putStatedWorth, type StatedWorth } from './statementJson.js';
import { atBlock, ofHolder, TOKENS } from './subjects.js';
import type { Coin } from './world.js';
import { BURN_WORTH, HOLDER_WORTH } from './worth.js';

const ACCOUNTS = ['accruing', 'claimable', 'claimed', 'redeemed', 'expired'] as const;

/** What the positions of a statement say, for people. */
export const POSITION_FIGURES = ['balance', ...ACCOUNTS, ...HOLDER_WORTH, ...BURN_WORTH] as const;

interface Shown {
  readonly holder: string;
  readonly text: string;
  readonly coins: ReadonlyMap<string, Coin>;
}

interface Ends {
  readonly opening: string;
  readonly change: string;
  readonly closing: string;
}

const AMOUNT = '([+-]?[\\d,]+(?:\\.\\d+)?)';

/** The table of positions of a text: one figure a line. */
export function putTextPositions(sheet: FigureSheet, draw: Draw, shown: Shown): void {
  const gap = ' {2,}';
  const { text } = shown;
  const find = (figure: string): Ends | null =>
    endsIn(text, new RegExp(`${gap}${figure}${gap}${AMOUNT}${gap}${AMOUNT}${gap}${AMOUNT}$`, 'm'));
  putPositions(sheet, draw, shown, find);
}

/** The same in a PDF, whose texts are read in the order in which they are drawn. */
export function putPdfPositions(sheet: FigureSheet, draw: Draw, shown: Shown): void {
  const { text } = shown;
  const find = (figure: string): Ends | null =>
    endsIn(text, new RegExp(` ${figure} ${AMOUNT} ${AMOUNT} ${AMOUNT}(?= |$)`));
  putPositions(sheet, draw, shown, find);
}

function endsIn(text: string, pattern: RegExp): Ends | null {
  const [, opening, change, closing] = pattern.exec(text) ?? [];
  if (opening === undefined || change === undefined || closing === undefined) return null;
  return { opening, change, closing };
}

function putPositions(
  sheet: FigureSheet,
  draw: Draw,
  { holder, coins, text }: Shown,
  find: (figure: string) => Ends | null,
): void {
  const { decimals } = coinOf(coins, draw.token.address);
  putEnds(sheet, draw, { holder, name: 'balance', asset: TOKENS, decimals }, find('balance'));
  for (const asset of draw.token.assets) {
    const coin = coinOf(coins, asset);
    const sharers = draw.token.assets.filter((one) => coinOf(coins, one).symbol === coin.symbol);
    // Two coins with one symbol: nobody can tell their lines apart.
    if (sharers.length > 1) continue;
    for (const name of ACCOUNTS) {
      const names = asset === NATIVE ? [coin.symbol] : [coin.symbol, checksummed(asset as never)];
      const found = names.map((called) => find(`${name}, ${escaped(called)}`));
      const ends = found.find((one) => one !== null) ?? null;
      putEnds(sheet, draw, { holder, name, asset, decimals: coin.decimals }, ends);
    }
    const called = asset === NATIVE ? [coin.symbol] : [coin.symbol, checksummed(asset as never)];
    const { subject } = ofHolder(draw, holder, '');
    putStatedWorth(sheet, draw, { subject, asset }, sumsBelow(text, called, draw.currency));
  }
}

/** The sums of values below the table of an asset. */
function sumsBelow(text: string, called: readonly string[], currency: string): StatedWorth[] {
  const names = called.map(escaped).join('|');
  const begin = text.search(new RegExp(` revenue in (?:${names})(?!\\w)`));
  if (begin < 0) return [];
  const rest = text.slice(begin);
  // A PDF repeats the heading of a table on each of its pages.
  const end = rest.search(new RegExp(` revenue in (?!(?:${names})(?!\\w))|Sale: `));
  const section = end < 0 ? rest : rest.slice(0, end);
  const [, sums] =
    new RegExp(`Sums in ${currency}, each line at the price of its time: ([^\\n]*)`).exec(
      section,
    ) ?? [];
  if (sums === undefined) return [];
  const one = /(claim|redemption) (not known|[\d.]+)(?: \((\d+) of \d+ lines have no price\))?/g;
  return [...sums.matchAll(one)].map(([, kind = '', amount = '', missing]) => ({
    kind,
    amount: amount === 'not known' ? null : amount,
    missing: Number(missing ?? 0),
  }));
}

/** A line that is left out says 0. */
function putEnds(
  sheet: FigureSheet,
  draw: Draw,
  {
    holder,
    name,
    asset,
    decimals,
  }: {
    readonly holder: string;
    readonly name: string;
    readonly asset: string;
    readonly decimals: number;
  },
  ends: Ends | null,
): void {
  const units = (text: string | undefined) => smallestUnits(text ?? '0', decimals);
  const opening = { ...ofHolder(draw, holder, atBlock(draw.after.block)), name, asset };
  const closing = { ...ofHolder(draw, holder, atBlock(draw.until.block)), name, asset };
  sheet.put(opening, units(ends?.opening));
  sheet.put(closing, units(ends?.closing));
  sheet.put(closing, units(ends?.opening) + units(ends?.change));
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
