/** A round of a price feed: an aggregator's answer and what it is counted in. */
export interface PriceRound {
  /** Price of one whole unit of the asset, times 10^decimals. */
  readonly answer: bigint;
  /** Of the answer. */
  readonly decimals: number;
  /** Unix seconds, as the aggregator says. */
  readonly updatedAt: bigint;
}

/** Why nothing is worth anything known: docs/prices.md. */
export type NoPrice = 'no-feed' | 'no-round' | 'not-positive' | 'stale' | 'later' | 'too-small';

/**
 * Why a round cannot price an entry; `null`: it can.
 *
 * @param round the newest one before the entry; `null`: there is none.
 * @param time of the entry, in unix seconds.
 * @param staleAfterSeconds age above which a round is no longer a price; `null`: no round is too old.
 */
export function noPriceReason(
  round: PriceRound | null,
  time: bigint,
  staleAfterSeconds: number | null,
): NoPrice | null {
  if (round === null) return 'no-round';
  if (round.answer <= 0n) return 'not-positive';
  // Its own time lies after the entry: it cannot be the price of that moment.
  if (round.updatedAt > time) return 'later';
  const isStale = staleAfterSeconds !== null && time - round.updatedAt > BigInt(staleAfterSeconds);
  return isStale ? 'stale' : null;
}

/** The price of one whole unit: `answer / 10^decimals`. */
export type UnitPrice = Pick<PriceRound, 'answer' | 'decimals'>;

/** What an amount of the smallest unit is worth at a price: exact, as a decimal fraction. */
export function worthOf(amount: bigint, assetDecimals: number, price: UnitPrice): string {
  return decimalFraction(amount * price.answer, assetDecimals + price.decimals);
}

/** Digits after the point of a price that is a quotient of prices. */
export const QUOTIENT_DECIMALS = 18;

/**
 * The price along a route of feeds. A product of prices is exact. A quotient is rounded once, half
 * up, to 18 digits after the point. Values are exact products of amount and price, so the values of
 * postings still sum to zero.
 *
 * @param legs with answers above zero
 * @returns `null` if the quotient rounds to zero: that is not a price
 */
export function crossedPrice(
  legs: readonly (UnitPrice & { readonly isInverse: boolean })[],
): UnitPrice | null {
  const product = (factors: typeof legs): UnitPrice =>
    factors.reduce(
      (all, { answer, decimals }) => {
        return { answer: all.answer * answer, decimals: all.decimals + decimals };
      },
      { answer: 1n, decimals: 0 },
    );
  const over = product(legs.filter(({ isInverse }) => !isInverse));
  const inverse = legs.filter(({ isInverse }) => isInverse);
  if (inverse.length === 0) return over;
  const under = product(inverse);
  const numerator = over.answer * 10n ** BigInt(QUOTIENT_DECIMALS + under.decimals);
  const denominator = under.answer * 10n ** BigInt(over.decimals);
  const answer = (2n * numerator + denominator) / (2n * denominator);
  return answer === 0n ? null : { answer, decimals: QUOTIENT_DECIMALS };
}

/**
 * `numerator / 10^decimals` in full: such a quotient always ends. No exponent, and no zeros that
 * say nothing.
 */
export function decimalFraction(numerator: bigint, decimals: number): string {
  const sign = numerator < 0n ? '-' : '';
  const digits = (numerator < 0n ? -numerator : numerator).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Adds decimal numbers of any length; nothing is rounded. Of none, 0. */
export function sumOfDecimals(texts: readonly string[]): string {
  const places = Math.max(0, ...texts.map((text) => (text.split('.')[1] ?? '').length));
  const sum = texts.reduce((all, text) => {
    const [whole = '0', part = ''] = text.split('.');
    return all + BigInt(whole + part.padEnd(places, '0'));
  }, 0n);
  return decimalFraction(sum, places);
}
