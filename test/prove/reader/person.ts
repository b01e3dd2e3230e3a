import type { Draw } from './draw.js';
import { type Difference, type FigureOf, FigureSheet, figureKey } from './figures.js';
import { atBlock, HOLDER_FIGURES, ofHolder, TOKENS, within } from './subjects.js';
import { decimalSum, HOLDER_WORTH_NAMES } from './worth.js';

/** Of several accounts as one. */
export const PERSON_FIGURES = personNames(['balance', ...HOLDER_FIGURES]);

/** The names of figures of several accounts, as opposed to those of one. */
export function personNames(names: readonly string[]): string[] {
  return names.map((name) => `${name} of a person`);
}

/** All holders of a draw as one person. */
function ofPerson(draw: Draw, moment: string): Pick<FigureOf, 'subject' | 'moment'> {
  const { subject } = ofHolder(draw, draw.holders.toSorted().join(' and '), moment);
  return { subject, moment };
}

/** The sums of what a sheet has of each holder: a person's figures are these (docs/statement.md). */
export function putPersonSums(sheet: FigureSheet, draw: Draw): void {
  const ends = [draw.after, draw.until].map(({ block }) => atBlock(block));
  for (const asset of draw.token.assets) {
    for (const moment of ends) {
      putSum(sheet, draw, { moment, asset: TOKENS, name: 'balance' });
      for (const name of HOLDER_FIGURES) putSum(sheet, draw, { moment, asset, name });
    }
    const moment = within(draw);
    for (const name of ['claimed', 'redeemed']) putSum(sheet, draw, { moment, asset, name });
    const inCurrency = `${draw.currency} for ${asset}`;
    for (const name of HOLDER_WORTH_NAMES) putSum(sheet, draw, { moment, asset: inCurrency, name });
  }
}

/** Nothing if the sheet lacks it of somebody. */
function putSum(sheet: FigureSheet, draw: Draw, of: Omit<FigureOf, 'subject'>): void {
  const values = draw.holders.flatMap((holder) => {
    const { subject } = ofHolder(draw, holder, of.moment);
    return sheet.get(figureKey({ ...of, subject }))?.value ?? [];
  });
  if (values.length < draw.holders.length) return;
  const known = values.filter((value) => value !== 'none');
  putOfPerson(sheet, draw, of, known.length === 0 ? 'none' : decimalSum(known));
}

export function putOfPerson(
  sheet: FigureSheet,
  draw: Draw,
  { moment, asset, name }: Omit<FigureOf, 'subject'>,
  value: string | bigint,
): void {
  sheet.put({ ...ofPerson(draw, moment), asset, name: `${name} of a person` }, value);
}

/**
 * Puts what an adapter reads of a holder as figures of the person, if others have such figures.
 *
 * @param read puts figures of the holder that it gets
 */
export function putAsPerson(
  sheet: FigureSheet,
  draw: Draw,
  names: readonly string[],
  read: (whole: FigureSheet, person: string) => void,
): void {
  const whole = new FigureSheet(sheet.surface);
  const person = draw.holders.toSorted().join(' and ');
  read(whole, person);
  const { subject } = ofPerson(draw, '');
  for (const [, { value, ...of }] of whole.entries()) {
    if (of.subject === subject && names.includes(of.name)) putOfPerson(sheet, draw, of, value);
  }
  // A statement has a line for each account that claims of a snapshot: only sums are of the person.
  const isOfPerson = ({ figure }: Difference) =>
    names.some((name) => figure.startsWith(`${name} in `));
  sheet.contradictions.push(...whole.contradictions.filter(isOfPerson));
}
