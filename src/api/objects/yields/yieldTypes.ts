import { ArgsType, Field, InputType, Int, ObjectType } from 'type-graphql';
import type { Address } from '../../../address.js';
import type { Rate } from '../../../ledger/rate.js';
import { ratioText } from '../../../ledger/yields/ratio.js';
import type { AsOf } from '../../../store/read/chains/asOf.js';
import { NoPrice } from '../../values/priceEnums.js';
import {
  AddressScalar,
  ASSET_TEXT,
  AssetScalar,
  DateTimeScalar,
  DecimalScalar,
  SafeIntScalar,
} from '../../values/scalars.js';
import { AsOfType } from '../chains/asOf.js';

@ObjectType('Ratio', {
  simpleResolvers: true,
  description: 'An exact fraction, and the same as a decimal number.',
})
export class RatioType {
  @Field(() => DecimalScalar, {
    description: 'numerator / denominator, rounded down to 18 digits after the point.',
  })
  readonly decimal!: string;

  @Field(() => String, { description: 'A whole number of any length.' })
  readonly numerator!: string;

  @Field(() => String, { description: 'A whole number of any length; not 0.' })
  readonly denominator!: string;
}

export function ratioNode(rate: Rate): RatioType {
  const { numerator, denominator } = rate;
  return { decimal: ratioText(rate), numerator: `${numerator}`, denominator: `${denominator}` };
}

@InputType('YieldPeriodInput', {
  description:
    'The period of a yield: `days`, or `from` with or without `to`. 7 days at least, within the books.',
})
export class YieldPeriodInput {
  @Field(() => Int, {
    nullable: true,
    description: 'The period is the last so many days before the moment of the answer; 7 at least.',
  })
  readonly days?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The period starts after this time. Give it instead of `days`.',
  })
  readonly from?: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'The period ends with this time; default: the moment of the answer.',
  })
  readonly to?: Date | null;
}

@ArgsType()
export class YieldArgs {
  @Field(() => YieldPeriodInput, { description: 'The snapshots of which time.' })
  readonly period!: YieldPeriodInput;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Revenue in this ERC-20, which the token shares; default: in ETH.',
  })
  readonly asset?: Address | null;

  @Field(() => [AddressScalar], {
    nullable: true,
    description:
      'Accounts of one holder or person, 1 to 100: the yield on what they paid in sales.',
  })
  readonly holders?: readonly Address[] | null;

  @Field(() => String, {
    nullable: true,
    description: 'Code of a currency, as "USD": the yield on the price of the token.',
  })
  readonly currency?: string | null;
}

const PART = 'Null where it is 0 or not known.';

@ObjectType('TokenYield', {
  simpleResolvers: true,
  description:
    'What the snapshots of a period gave to a whole token, and what that is in a year of 365 days. It says what happened, and promises nothing.',
})
export class TokenYieldType {
  @Field(() => AssetScalar, { description: ASSET_TEXT })
  readonly asset!: string;

  @Field(() => DateTimeScalar, { description: 'The period starts after this time.' })
  readonly from!: Date;

  @Field(() => DateTimeScalar, { description: 'The period ends with this time.' })
  readonly to!: Date;

  @Field(() => SafeIntScalar, { description: 'Length of the period in seconds.' })
  readonly periodSeconds!: number;

  @Field(() => DecimalScalar, {
    description: 'The same in days, rounded down to 18 digits after the point.',
  })
  readonly days!: string;

  @Field(() => Int, { description: 'Snapshots of the period.' })
  readonly snapshots!: number;

  @Field(() => DateTimeScalar, {
    description:
      'These snapshots share revenue received from here on: the snapshot before them, or the first receipt. If it is long before `from`, the period has more revenue than its length earned.',
  })
  readonly coversFrom!: Date;

  @Field(() => DateTimeScalar, { description: 'Up to here: the last of them.' })
  readonly coversTo!: Date;

  @Field(() => RatioType, {
    description: 'Revenue of the period per whole token, in the smallest unit of the asset.',
  })
  readonly perToken!: RatioType;

  @Field(() => RatioType, {
    description: 'perToken × 365 days / length of the period, in the smallest unit of the asset.',
  })
  readonly annualised!: RatioType;

  @Field(() => RatioType, {
    description: 'What burning a whole token pays at the moment, before the contract rounds down.',
  })
  readonly burnValue!: RatioType;

  @Field(() => RatioType, { nullable: true, description: `annualised / burnValue. ${PART}` })
  readonly againstBurnValue!: RatioType | null;

  @Field(() => RatioType, {
    nullable: true,
    description:
      'What `holders` paid for a whole token in the sales that raise the same asset. Null without holders, or where they bought nothing there.',
  })
  readonly costPerToken!: RatioType | null;

  @Field(() => RatioType, { nullable: true, description: `annualised / costPerToken. ${PART}` })
  readonly againstCost!: RatioType | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Price of a whole token in `currency` at the moment. Null where it is not known.',
  })
  readonly tokenPrice!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Price of one whole unit of the asset in `currency`. Null where it is not known.',
  })
  readonly assetPrice!: string | null;

  @Field(() => RatioType, {
    nullable: true,
    description: `Value of annualised / tokenPrice. ${PART}`,
  })
  readonly againstPrice!: RatioType | null;

  @Field(() => NoPrice, {
    nullable: true,
    description:
      'Why a price is not known, first that of the token; null where both are, or without currency.',
  })
  readonly noPrice!: NoPrice | null;

  @Field(() => AsOfType, { description: 'The moment of burn value, cost and prices.' })
  readonly asOf!: AsOf;
}
