import { coinOf } from '../../amounts.js';
import { ask } from '../../answers.js';
import type { Draw } from '../../draw.js';
import { type FigureSheet, NATIVE } from '../../figures.js';
import { atBlock, ofToken } from '../../subjects.js';
import type { Surface } from '../../surface.js';
import { exportedRows } from '../exportFiles.js';

const NAMES = [
  'snapshots of the yield',
  ...['numerator', 'denominator'].flatMap((part) => [`yield ${part}`, `annualised ${part}`]),
];
const DAYS = 30n;
const DAY_SECONDS = 86_400n;
const YEAR_SECONDS = 365n * DAY_SECONDS;
const YIELD = `query ($chainId: SafeInt!, $token: Address!, $at: AtInput) {
  token(chainId: $chainId, address: $token, at: $at) { yield(period: { days: ${DAYS} }) {
    to snapshots perToken { numerator denominator } annualised { numerator denominator } } } }`;

interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

interface Yielded {
  readonly snapshots: number;
  readonly perToken: Fraction;
  readonly annualised: Fraction;
}

interface YieldAnswer {
  readonly to: string;
  readonly snapshots: number;
  readonly perToken: Readonly<Record<keyof Fraction, string>>;
  readonly annualised: Readonly<Record<keyof Fraction, string>>;
}

/** `null`: the books have no such period, or no snapshot in it. */
async function yieldOf(
  { url, chainId }: { readonly url: string; readonly chainId: number },
  draw: Draw,
): Promise<YieldAnswer | null> {
  const { at } = draw.until;
  const variables = { chainId, token: draw.token.address, ...(at === null ? {} : { at }) };
  try {
    const { token } = await ask<{ token: { yield: YieldAnswer } }>(url, YIELD, variables);
    return token.yield;
  } catch (error) {
    if (error instanceof Error && /not a period for a yield|snapshot/.test(error.message))
      return null;
    throw error;
  }
}

function put(sheet: FigureSheet, draw: Draw, said: Yielded): void {
  const of = { ...ofToken(draw, atBlock(draw.until.block)), asset: NATIVE };
  sheet.put({ ...of, name: 'snapshots of the yield' }, said.snapshots);
  for (const [name, rate] of [
    ['yield', said.perToken],
    ['annualised', said.annualised],
  ] as const) {
    const { numerator, denominator } = reduced(rate);
    sheet.put({ ...of, name: `${name} numerator` }, numerator);
    sheet.put({ ...of, name: `${name} denominator` }, denominator);
  }
}

function reduced({ numerator, denominator }: Fraction): Fraction {
  let [a, b] = [numerator, denominator];
  while (b !== 0n) [a, b] = [b, a % b];
  return { numerator: numerator / a, denominator: denominator / a };
}

const fractionOf = ({ numerator, denominator }: YieldAnswer['perToken']): Fraction => ({
  numerator: BigInt(numerator),
  denominator: BigInt(denominator),
});

/** The yield of 30 days: of the API, and by the exported snapshots of its period. */
export const yieldSurfaces: readonly Surface[] = [
  {
    surface: 'GraphQL yield',
    names: NAMES,
    async read({ url, chain: { chainId } }, draw, sheet) {
      const said = await yieldOf({ url, chainId }, draw);
      if (said === null) return;
      const [perToken, annualised] = [fractionOf(said.perToken), fractionOf(said.annualised)];
      put(sheet, draw, { snapshots: said.snapshots, perToken, annualised });
    },
  },
  {
    surface: 'yield by exported snapshots',
    names: NAMES,
    async read(world, draw, sheet) {
      const { url, coins, chain } = world;
      const said = await yieldOf({ url, chainId: chain.chainId }, draw);
      if (said === null) return;
      const to = Date.parse(said.to);
      const from = to - Number(DAYS * DAY_SECONDS) * 1000;
      const rows = await exportedRows(world, 'snapshots', {
        token: draw.token.address,
        to: draw.until.end ?? undefined,
      });
      const within = rows.filter(({ asset, block_time: time }) => {
        const at = Date.parse(time ?? '');
        return asset === NATIVE && at > from && at <= to;
      });
      const whole = 10n ** BigInt(coinOf(coins, draw.token.address).decimals);
      const perToken = within.reduce<Fraction>(
        ({ numerator, denominator }, { claimable, supply }) => ({
          numerator:
            numerator * BigInt(supply ?? '') + BigInt(claimable ?? '') * whole * denominator,
          denominator: denominator * BigInt(supply ?? ''),
        }),
        { numerator: 0n, denominator: 1n },
      );
      const annualised = {
        numerator: perToken.numerator * YEAR_SECONDS,
        denominator: perToken.denominator * DAYS * DAY_SECONDS,
      };
      put(sheet, draw, { snapshots: within.length, perToken, annualised });
    },
  },
];
