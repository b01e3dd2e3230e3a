import { z } from 'zod';
import { momentInBooks } from '../../books/archiveMark.js';
import { addressField } from '../../config/file/fields.js';
import { readYield } from '../objects/yields/readYield.js';
import { asOfJson, marksJson, tokenJson } from './claimable.js';
import { asOfSchema, marksShape, tokenSchema } from './claimableSchema.js';
import {
  addressParameter,
  assetOut,
  assetValue,
  chainIdParameter,
  holdersParameter,
} from './fields.js';
import { restRoute } from './route.js';

const ratio = z
  .object({
    decimal: z.string().regex(/^\d+(\.\d+)?$/),
    numerator: z.string().regex(/^\d+$/),
    denominator: z.string().regex(/^\d+$/),
  })
  .meta({ id: 'Ratio', description: '`decimal` is rounded down to 18 digits after the point.' });

const time = z.iso.datetime();
const price = z.string().nullable();

const yieldSchema = z
  .object({
    token: tokenSchema,
    asset: assetValue,
    from: time.meta({ description: 'The period starts after this time.' }),
    to: time.meta({ description: 'The period ends with this time.' }),
    periodSeconds: z.int(),
    days: z.string(),
    snapshots: z.int().meta({ description: 'Snapshots of the period.' }),
    coversFrom: time.meta({ description: 'They share revenue from here on.' }),
    coversTo: time,
    perToken: ratio.meta({ description: 'Per whole token, in the smallest unit of the asset.' }),
    annualised: ratio.meta({ description: 'The same in 365 days.' }),
    burnValue: ratio,
    againstBurnValue: ratio.nullable(),
    costPerToken: ratio.nullable(),
    againstCost: ratio.nullable(),
    tokenPrice: price,
    assetPrice: price,
    againstPrice: ratio.nullable(),
    noPrice: z.string().nullable().meta({ description: 'Why a price is not known.' }),
    asOf: asOfSchema,
    ...marksShape,
  })
  .meta({ id: 'Yield', description: 'What a whole token earned in a period (docs/yield.md).' });

const timeParameter = z.iso
  .datetime({ offset: true })
  .optional()
  .meta({ description: 'An ISO 8601 time with its zone.', example: '2026-01-01T00:00:00Z' });

/** `GET /v1/tokens/{address}/yield`: the yield of a token over a stated period. */
export const yieldRoute = restRoute({
  path: '/v1/tokens/{address}/yield',
  operationId: 'getYield',
  summary: 'What a whole token earned in a stated period, and in a year',
  description:
    'Give `days`, or `from` with or without `to`. A period of less than 7 days, without a snapshot or beyond ' +
    'the books is refused. As of the newest indexed block.',
  pathParameters: { address: addressParameter },
  query: {
    chainId: chainIdParameter.unwrap().meta({ description: 'EIP-155 chain id.', example: '1' }),
    days: z
      .string()
      .regex(/^[1-9]\d{0,4}$/, 'it is not a number of days')
      .transform(Number)
      .optional()
      .meta({ description: 'The last so many days, 7 at least.', example: '90' }),
    from: timeParameter,
    to: timeParameter,
    asset: addressField
      .optional()
      .meta({ description: 'Revenue in this ERC-20; default: in ETH.' }),
    holder: holdersParameter.optional(),
    currency: z.string().optional().meta({ description: 'Code of a currency.', example: 'USD' }),
  },
  repeatable: ['holder'],
  response: yieldSchema,
  async answer(context, { address, chainId, days, from, to, asset, holder, currency }) {
    const asked = await context.books.asOf(chainId, null);
    const token = await context.books.token(address, asked);
    const asOf = momentInBooks(token, asked);
    const period = { days: days ?? null, from: dateOf(from), to: dateOf(to) };
    const read = await readYield(context, token, asOf, {
      period,
      asset: asset ?? null,
      holders: holder ?? null,
      currency: currency ?? null,
    });
    return {
      token: tokenJson(token),
      ...read,
      asset: assetOut(read.asset),
      from: read.from.toISOString(),
      to: read.to.toISOString(),
      coversFrom: read.coversFrom.toISOString(),
      coversTo: read.coversTo.toISOString(),
      asOf: asOfJson(read.asOf),
      ...(await marksJson(context)),
    };
  },
});

function dateOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text);
}
